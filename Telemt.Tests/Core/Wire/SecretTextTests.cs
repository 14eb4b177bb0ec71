using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Wire;

internal sealed class SecretTextTests
{
    private static readonly Gen<byte[]> Keys = Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), Secret.Size);

    /// <summary>Any secret of any mode; domains of any bytes, since clients do not ask either.</summary>
    internal static readonly Arbitrary<ClientSecret> AnySecret = Arb.From(
        from key in Keys
        from mode in Gen.Elements(ClientMode.Classic, ClientMode.Secure, ClientMode.Tls)
        from size in Gen.Choose(1, ClientSecret.MaxDomain)
        from domain in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), size)
        select ClientSecret.For(new Secret(key), mode, Encoding.Latin1.GetString(domain)));

    public static IEnumerable<TestCaseData> Recorded() =>
        Vectors.Load("secrets_links").GetProperty("secrets").EnumerateArray()
            .Select((vector, i) => new TestCaseData(vector.GetProperty("input").GetString(), vector.GetProperty("tdlib")).SetArgDisplayNames($"{i}"));

    [TestCaseSource(nameof(Recorded))]
    public void TryParse_RecordedText_AsTdlib(string input, JsonElement expected)
    {
        var ok = SecretText.TryParse(input, out var secret, out var problem);

        Assert.That(ok, Is.EqualTo(!expected.TryGetProperty("error", out _)), problem);
        if (secret is null)
        {
            return;
        }

        Assert.That(secret.Key.Bytes.ToArray(), Is.EqualTo(expected.Hex("key")));
        Assert.That(secret.Mode == ClientMode.Tls, Is.EqualTo(expected.GetProperty("tls").GetBoolean()));
        Assert.That(secret.Mode != ClientMode.Classic, Is.EqualTo(expected.GetProperty("padding").GetBoolean()));
        Assert.That(Encoding.Latin1.GetBytes(secret.Domain), Is.EqualTo(expected.Hex("domain_hex")));
        Assert.That(SecretText.ToBytes(secret), Is.EqualTo(expected.Hex("raw")));
        var encoded = secret.Mode == ClientMode.Tls ? SecretText.ToBase64Url(secret) : SecretText.ToHex(secret);
        Assert.That(encoded, Is.EqualTo(expected.GetProperty("encoded").GetString()));
    }

    [Test]
    public void TryParse_AnyFormOfAnySecret_GivesItBack() =>
        Prop.ForAll(AnySecret, secret =>
        {
            var bytes = SecretText.ToBytes(secret);
            string[] forms =
            [
                SecretText.ToHex(secret), SecretText.ToHex(secret).ToUpperInvariant(), SecretText.ToBase64Url(secret),
                Padded(SecretText.ToBase64Url(secret)), Convert.ToBase64String(bytes),
            ];
            return forms.All(form => SecretText.TryParse(form, out var read, out _) && read == secret);
        }).QuickCheckThrowOnFailure();

    [TestCase("ABEiM0RVZneImaq7zN3u_x", Description = "bits left over")]
    [TestCase("ABEiM0RVZneImaq7zN3u_w=", Description = "one '=' short")]
    [TestCase("ABEiM0RVZneImaq7zN3u_w===", Description = "one '=' too many")]
    [TestCase(" ABEiM0RVZneImaq7zN3u_w", Description = "white space")]
    [TestCase("ABEiM0RVZneImaq7zN3u/w", Description = "standard base64 needs its padding")]
    [TestCase("AB=iM0RVZneImaq7zN3u_w", Description = "padding inside")]
    [TestCase("00112233445566778899aabbccddeefé", Description = "beyond ASCII")]
    public void TryParse_SloppyBase64_Refused(string text) => Assert.That(SecretText.TryParse(text, out _, out _), Is.False);

    [Test]
    public void TryParse_TextOfAnyKind_NeverThrows() =>
        Prop.ForAll<string?>(text =>
        {
            var ok = SecretText.TryParse(text, out var secret, out var problem);
            return ok ? secret is not null : problem is { Length: > 0 };
        }).QuickCheckThrowOnFailure();

    [Test]
    public void TryParse_RandomDigits_NeverThrows()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Create(random.Next(600), random, (span, r) => r.GetItems("0123456789abcdefABCDEFghzZ-_+/=", span));
            if (SecretText.TryParse(text, out var secret, out _))
            {
                Assert.That(SecretText.TryParse(SecretText.ToHex(secret), out var again, out _) && again == secret);
            }
        }
    }

    [Test]
    public void ToString_OfSecret_HidesKeyAndDomain()
    {
        var secret = Parse("ee00112233445566778899aabbccddeeff6578616d706c65");

        Assert.That(secret.ToString(), Does.Not.Contain("0011").And.Not.Contain("example"));
    }

    internal static ClientSecret Parse(string text) =>
        SecretText.TryParse(text, out var secret, out var problem) ? secret : throw new FormatException(problem);

    private static string Padded(string text) => text.PadRight((text.Length + 3) / 4 * 4, '=');
}
