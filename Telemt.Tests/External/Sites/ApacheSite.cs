using System.Diagnostics;
using Telemt.Tests.EndToEnd;

namespace Telemt.Tests.External.Sites;

/// <summary>Apache httpd: another TLS server's ways, and another library between it and the socket.</summary>
internal sealed class ApacheSite : RealSite
{
    private const string Modules = "/usr/lib/apache2/modules";

    protected override Process Start(SiteOptions options)
    {
        var apache = Tool.Find("apache2");
        string[] modules = ["mpm_event", "authz_core", "dir", "mime", "reqtimeout", "socache_shmcb", "ssl", .. options.Http2 ? (string[])["http2"] : []];
        Folder.Write("mime.types", "text/html html\n");
        Folder.Write(
            "apache.conf",
            $$"""
            {{string.Join('\n', modules.Select(module => $"LoadModule {module}_module {Modules}/mod_{module}.so"))}}
            ServerRoot {{Folder.Path}}
            DefaultRuntimeDir {{Folder.Path}}
            PidFile apache.pid
            ErrorLog error.log
            ServerName {{ProxyFixture.Domain}}
            Listen 127.0.0.1:{{Port}}
            ListenBacklog 4096
            User www-data
            Group www-data
            StartServers 1
            ServerLimit 4
            ThreadsPerChild 128
            MaxRequestWorkers 512
            TimeOut {{options.Patience}}
            KeepAliveTimeout {{options.Patience}}
            RequestReadTimeout handshake={{options.Patience}} header={{options.Patience}} body={{options.Patience}}
            TypesConfig mime.types
            Protocols {{(options.Http2 ? "h2 " : "")}}http/1.1
            SSLEngine on
            SSLCertificateFile cert.pem
            SSLCertificateKeyFile key.pem
            SSLProtocol -all {{(options.Tls13Only ? "" : "+TLSv1.2 ")}}+TLSv1.3
            SSLSessionCache none
            DocumentRoot {{Folder["www"]}}
            DirectoryIndex index.html

            """);
        Readable();
        return apache.Start("-D", "FOREGROUND", "-f", Folder["apache.conf"]);
    }

    /// <summary>It has processes of its own, which a plain end takes along.</summary>
    protected override void Stop(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Its workers are another user than we, if we are root.</summary>
    private void Readable()
    {
        using var chmod = Process.Start("chmod", ["755", Folder.Path, Folder["www"]]);
        chmod.WaitForExit();
    }
}
