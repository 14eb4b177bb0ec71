using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

internal sealed class FileStampTests
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Of_SameFile_IsTheSame()
    {
        var path = _folder.Write("a", "text");
        var before = FileStamp.Of(path);

        Assert.That(FileStamp.Of(path), Is.EqualTo(before));
    }

    [Test]
    public void Of_OtherTimes_Differs()
    {
        var path = _folder.Write("a", "text");
        var before = FileStamp.Of(path);

        File.SetLastWriteTimeUtc(path, Epoch);

        Assert.That(FileStamp.Of(path), Is.Not.EqualTo(before));
    }

    [Test]
    public void Of_LinkToAnotherFileOfTheSameTimesAndLength_Differs()
    {
        File.SetLastWriteTimeUtc(_folder.Write("one", "old"), Epoch);
        File.SetLastWriteTimeUtc(_folder.Write("two", "new"), Epoch);
        File.CreateSymbolicLink(_folder["link"], "one");
        var before = FileStamp.Of(_folder["link"]);

        Links.Swap(_folder["link"], "two");

        Assert.That(FileStamp.Of(_folder["link"]), Is.Not.EqualTo(before));
    }

    [Test]
    public void Of_Missing_IsToldFromUnreadable()
    {
        Directory.CreateDirectory(_folder["folder"]);

        Assert.That(FileStamp.Of(_folder["none"]).Exists, Is.False);
        Assert.That(FileStamp.Of(_folder["folder"]), Is.EqualTo(new FileStamp(true, false, default, 0, "")));
        Assert.That(FileStamp.Of(_folder.Write("file", "")).Readable);
    }
}
