using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Control;

/// <summary>
/// The certificate of the page, from a PEM file with its key. A renewed file is used from the next connection on; one that cannot be
/// read is said once, and the last good one stays.
/// </summary>
internal sealed class ControlCertificate
{
    private readonly string _path;
    private readonly ILogger _log;
    private readonly Lock _lock = new();

    private X509Certificate2 _current;
    private FileStamp _stamp;

    /// <exception cref="CryptographicException">The file holds no certificate with its key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ControlCertificate(string path, ILogger log)
    {
        (_path, _log) = (path, log);
        _stamp = FileStamp.Of(path);
        _current = Load(path);
    }

    public X509Certificate2 Current
    {
        get
        {
            lock (_lock)
            {
                var stamp = FileStamp.Of(_path);
                if (stamp != _stamp)
                {
                    _stamp = stamp;
                    try
                    {
                        _current = Load(_path);
                    }
                    catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
                    {
                        _log.ControlCertificateFailed(_path, failure.Message);
                    }
                }

                return _current;
            }
        }
    }

    private static X509Certificate2 Load(string path) => X509Certificate2.CreateFromPemFile(path);
}
