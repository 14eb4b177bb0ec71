using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemt.Tests.External.Sites;

/// <summary>A certificate for a name with the authorities above it, as web servers read them.</summary>
internal static class SiteCertificate
{
    /// <summary>Writes key.pem and cert.pem: the leaf first, then those that signed it, the root's left out unless it is the leaf.</summary>
    public static void Write(string folder, string domain, SiteOptions options)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using var leafKey = NewKey(options.Ecdsa);
        if (options.Chain == 1)
        {
            using var alone = Request(domain, leafKey, isAuthority: false).CreateSelfSigned(from, to);
            WriteFiles(folder, leafKey, [alone]);
            return;
        }

        using var rootKey = NewKey(options.Ecdsa);
        var issuer = Request("Root", rootKey, isAuthority: true).CreateSelfSigned(from, to);
        var sent = new List<X509Certificate2>();
        for (var i = 1; i < options.Chain; i++)
        {
            using var key = NewKey(options.Ecdsa);
            using var signed = Request($"Authority {i}", key, isAuthority: true).Create(issuer, from, to, [1, (byte)i]);
            issuer = WithKey(signed, key);
            sent.Insert(0, issuer);
        }

        sent.Insert(0, Request(domain, leafKey, isAuthority: false).Create(issuer, from, to, [2]));
        WriteFiles(folder, leafKey, sent);
    }

    private static AsymmetricAlgorithm NewKey(bool ecdsa) => ecdsa ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);

    private static X509Certificate2 WithKey(X509Certificate2 certificate, AsymmetricAlgorithm key) =>
        key is ECDsa ecdsa ? certificate.CopyWithPrivateKey(ecdsa) : certificate.CopyWithPrivateKey((RSA)key);

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key, bool isAuthority)
    {
        var subject = new X500DistinguishedName("CN=" + name);
        var request = key is ECDsa ecdsa
            ? new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256)
            : new CertificateRequest(subject, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }

    private static void WriteFiles(string folder, AsymmetricAlgorithm key, IEnumerable<X509Certificate2> chain)
    {
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "cert.pem"), string.Join('\n', chain.Select(certificate => certificate.ExportCertificatePem())) + "\n");
    }
}
