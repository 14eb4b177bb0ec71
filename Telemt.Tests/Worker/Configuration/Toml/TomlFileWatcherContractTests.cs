using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>When the watch speaks, when it is silent, and how it ends.</summary>
internal sealed class TomlFileWatcherContractTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Start_ContentOtherThanTheKnown_IsTold()
    {
        using var file = new WatchedFile(_folder.Write("a.toml", "new"), useNotices: true);

        file.Watcher.Start(SHA256.HashData("old"u8));

        file.WaitFor("new");
    }

    [Test]
    public void Changed_KnownContent_IsNotTold()
    {
        var path = _folder.Write("a.toml", "known = 1");
        using var file = new WatchedFile(path, useNotices: true);
        file.Watcher.Start(TomlDocument.Parse(path, "known = 1"u8).ContentHash);

        // Touched, rewritten alike, and changed back before it was quiet; then an edit shows that all that has passed.
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        _folder.Write("a.toml", "known = 1");
        _folder.Write("a.toml", "other");
        _folder.Write("a.toml", "known = 1");
        Thread.Sleep(TimeSpan.FromMilliseconds(400));
        Assert.That(file.Told, Is.Zero);
        _folder.Write("a.toml", "new");
        file.WaitFor("new");
        Assert.That(file.Told, Is.EqualTo(1));
    }

    [Test]
    public void Changed_OtherFilesInTheFolder_AreNotTold()
    {
        using var file = new WatchedFile(_folder.Write("a.toml", "old"), useNotices: true).Start();

        for (var i = 0; i < 100; i++)
        {
            _folder.Write("b.toml", i.ToString());
        }

        _folder.Write("a.toml", "new");
        file.WaitFor("new");
        Assert.That(file.Told, Is.EqualTo(1));
    }

    [Test]
    public void Changed_SlowWriter_IsToldOnlyOfTheWhole()
    {
        var seen = new ConcurrentQueue<string>();
        var path = _folder.Write("a.toml", "old");
        var timing = WatchedFile.Brisk with { Quiet = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(30) };
        using var watcher = new TomlFileWatcher(path, NullLogger.Instance, timing: timing);
        watcher.Changed += () => seen.Enqueue(File.ReadAllText(path));
        watcher.Start();

        using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            for (var i = 0; i < 20; i++)
            {
                stream.Write("part\n"u8);
                Thread.Sleep(20);
            }
        }

        Wait.Until(() => !seen.IsEmpty, Bound, "nothing was told");
        Assert.That(seen, Is.EqualTo(new[] { string.Concat(Enumerable.Repeat("part\n", 20)) }));
    }

    [Test]
    public void Changed_FileNeverQuiet_IsToldAllTheSame()
    {
        var path = _folder.Write("a.toml", "old");
        using var file = new WatchedFile(path, useNotices: true).Start();
        using var stop = new CancellationTokenSource();
        var toucher = Task.Run(() =>
        {
            _folder.Write("a.toml", "new");
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(i));
                Thread.Sleep(20);
            }
        });

        file.WaitFor("new");
        stop.Cancel();
        toucher.Wait(Bound);
    }

    [Test]
    public void Changed_HandlerThrows_LaterEditsAreStillTold()
    {
        var path = _folder.Write("a.toml", "old");
        using var file = new WatchedFile(path, useNotices: true);
        file.Watcher.Changed += () => throw new InvalidOperationException("a handler's own fault");
        file.Start();

        _folder.Write("a.toml", "one");
        file.WaitFor("one");
        _folder.Write("a.toml", "two");
        file.WaitFor("two");
    }

    [Test]
    public void Changed_SlowHandler_IsNeverEnteredTwice()
    {
        var path = _folder.Write("a.toml", "old");
        var (inside, worst, calls) = (0, 0, 0);
        using var watcher = new TomlFileWatcher(path, NullLogger.Instance, timing: WatchedFile.Brisk);
        watcher.Changed += () =>
        {
            worst = Math.Max(worst, Interlocked.Increment(ref inside));
            Thread.Sleep(300);
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref calls);
        };
        watcher.Start();

        for (var i = 0; i < 10; i++)
        {
            _folder.Write("a.toml", "edit " + i);
            Thread.Sleep(100);
        }

        Wait.Until(() => Volatile.Read(ref calls) > 0, Bound, "nothing was told");
        Assert.That(worst, Is.EqualTo(1));
    }

    [Test]
    public void Dispose_WhileAHandlerRuns_WaitsForIt()
    {
        var path = _folder.Write("a.toml", "old");
        using var entered = new ManualResetEventSlim();
        var left = false;
        using var watcher = new TomlFileWatcher(path, NullLogger.Instance, timing: WatchedFile.Brisk);
        watcher.Changed += () =>
        {
            entered.Set();
            Thread.Sleep(200);
            Volatile.Write(ref left, true);
        };
        watcher.Start();
        _folder.Write("a.toml", "new");
        Assert.That(entered.Wait(Bound));

        watcher.Dispose();

        Assert.That(Volatile.Read(ref left));
    }

    [Test]
    public void Dispose_FromAHandler_EndsTheWatch()
    {
        var path = _folder.Write("a.toml", "old");
        using var file = new WatchedFile(path, useNotices: true);
        file.Watcher.Changed += file.Watcher.Dispose;
        file.Start();

        _folder.Write("a.toml", "new");
        file.WaitFor("new");
        _folder.Write("a.toml", "newer");
        Thread.Sleep(400);
        Assert.That(file.Told, Is.EqualTo(1));
    }

    [Test]
    public void Dispose_NeverStartedOrTwice_IsQuiet()
    {
        var watcher = new TomlFileWatcher(_folder["a.toml"], NullLogger.Instance);
        watcher.Dispose();
        watcher.Dispose();
        Assert.That(() => watcher.Start(), Throws.Nothing);
    }

    [Test]
    public void Start_PathOfAPipeWithoutAWriter_DoesNotWaitForOne()
    {
        // What a shell's <(command) leaves when the command is done; to open it again would block.
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        pipe.DisposeLocalCopyOfClientHandle();
        using var watcher = new TomlFileWatcher($"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}", NullLogger.Instance);

        var start = Task.Run(() => watcher.Start());

        Assert.That(start.Wait(Bound));
    }

    [Test]
    public void Changed_WhereNoticesCome_DoesNotWaitForTheNextLook()
    {
        Directory.CreateDirectory(_folder["..1"]);
        _folder.Write("..1/a.toml", "linked old");
        Directory.CreateDirectory(_folder["..2"]);
        _folder.Write("..2/a.toml", "linked new");
        File.CreateSymbolicLink(_folder["..data"], "..1");
        File.CreateSymbolicLink(_folder["link.toml"], "..data/a.toml");
        var seldom = WatchedFile.Brisk with { Poll = TimeSpan.FromHours(1) };
        using var file = new WatchedFile(_folder.Write("a.toml", "old"), useNotices: true, seldom).Start();
        using var link = new WatchedFile(_folder["link.toml"], useNotices: true, seldom).Start();

        _folder.Write("a.toml", "edited");
        file.WaitFor("edited");
        file.AtRest();
        File.Move(_folder.Write("a.toml.tmp", "replaced"), _folder["a.toml"], overwrite: true);
        file.WaitFor("replaced");
        Links.Swap(_folder["..data"], "..2");
        link.WaitFor("linked new");
    }

    [Test]
    public void FileContent_LargerThanAnyConfiguration_IsUnreadable()
    {
        using (var sparse = new FileStream(_folder["a.toml"], FileMode.Create))
        {
            sparse.SetLength(TomlContent.MaxLength + 1L);
        }

        Assert.That(FileContent.Read(_folder["a.toml"]), Is.EqualTo(FileContent.Unreadable));
    }
}
