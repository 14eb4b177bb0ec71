using System.Diagnostics;
using Telemt.Tests.EndToEnd;

namespace Telemt.Tests.External.Sites;

/// <summary>nginx: one process, which is the one that we end.</summary>
internal sealed class NginxSite : RealSite
{
    protected override Process Start(SiteOptions options)
    {
        var nginx = Tool.Find("nginx");
        Folder.Write(
            "nginx.conf",
            $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            events { worker_connections 2048; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                client_header_timeout {{options.Patience}}s;
                client_body_timeout {{options.Patience}}s;
                keepalive_timeout {{options.Patience}}s;
                server {
                    listen 127.0.0.1:{{Port}} backlog=4096 ssl{{(options.Http2 ? " http2" : "")}};
                    server_name {{ProxyFixture.Domain}};
                    ssl_certificate cert.pem;
                    ssl_certificate_key key.pem;
                    ssl_protocols {{(options.Tls13Only ? "" : "TLSv1.2 ")}}TLSv1.3;
                    root www;
                }
            }

            """);
        return nginx.Start("-e", Folder["error.log"], "-p", Folder.Path, "-c", Folder["nginx.conf"]);
    }
}
