using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Telemt.Core.Wire;
using Telemt.Worker.Fronting;

namespace Telemt.Worker.Doctor;

/// <summary>A visitor's connection to the mask host, its PROXY header and TLS included.</summary>
internal static class SiteConnection
{
    /// <param name="judge">Told what is wrong with the certificate; it is taken whatever that is, since nothing secret is sent.</param>
    /// <returns>A stream that the caller owns.</returns>
    [SuppressMessage("Security", "CA5359", Justification = "What is wrong with the certificate is told; nothing secret is sent.")]
    public static async Task<SslStream> OpenAsync(
        EndPoint address, MaskTarget target, SslApplicationProtocol protocol, Action<SslPolicyErrors> judge, CancellationToken cancellation)
    {
        var isUnix = address is UnixDomainSocketEndPoint;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(address, cancellation);
            if (target.ProxyProtocol != 0)
            {
                await socket.SendAsync(ProxyProtocolWriter.Write(target.ProxyProtocol, default, default), cancellation);
            }

            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = target.Domain,
                    ApplicationProtocols = [protocol, SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, _, _, errors) =>
                    {
                        judge(errors);
                        return true;
                    },
                },
                cancellation);
            return stream;
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }
}
