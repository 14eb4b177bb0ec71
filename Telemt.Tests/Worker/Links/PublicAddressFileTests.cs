using System.Net;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class PublicAddressFileTests
{
    private string _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("telemt-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [TestCase("8.8.4.4", "2a00:1450::1")]
    [TestCase("8.8.4.4", null)]
    [TestCase(null, "2a00:1450::1")]
    public void Read_OfWhatWasWritten_IsTheSame(string? v4, string? v6)
    {
        var addresses = new PublicAddresses(v4 is null ? null : IPAddress.Parse(v4), v6 is null ? null : IPAddress.Parse(v6));

        Assert.That(PublicAddressFile.TryWrite(_folder, new PublicAddresses(IPAddress.Parse("9.9.9.9"), null)), Is.True);
        Assert.That(PublicAddressFile.TryWrite(_folder, addresses), Is.True);

        Assert.That(PublicAddressFile.Read(_folder), Is.EqualTo(addresses));
    }

    [TestCase("")]
    [TestCase("rubbish\n\n")]
    [TestCase("192.168.0.1\n")]
    public void Read_OfAnythingElse_IsUnknown(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "public-address"), text);

        Assert.That(PublicAddressFile.Read(_folder), Is.EqualTo(PublicAddresses.Unknown));
    }

    [Test]
    public void Read_WithoutAFolder_IsUnknown()
    {
        Assert.That(PublicAddressFile.Read(null), Is.EqualTo(PublicAddresses.Unknown));
        Assert.That(PublicAddressFile.Read(Path.Combine(_folder, "none")), Is.EqualTo(PublicAddresses.Unknown));
    }

    [Test]
    public void Write_IntoANewFolder_MakesIt()
    {
        var state = Path.Combine(_folder, "state", "telemt");

        Assert.That(PublicAddressFile.TryWrite(state, new PublicAddresses(IPAddress.Parse("9.9.9.9"), null)), Is.True);
        Assert.That(PublicAddressFile.Read(state).V4, Is.EqualTo(IPAddress.Parse("9.9.9.9")));
    }

    [Test]
    public void Write_WhereNoFolderCanBe_SaysSo()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        Assert.That(PublicAddressFile.TryWrite(Path.Combine(file, "state"), PublicAddresses.Unknown), Is.False);
    }
}
