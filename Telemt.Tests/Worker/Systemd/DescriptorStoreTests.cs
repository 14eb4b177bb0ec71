using System.Net;
using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Systemd;
using Telemt.Worker.Transport;

namespace Telemt.Tests.Worker.Systemd;

/// <summary>What is said to the service manager, as sd_pid_notify_with_fds(3) has it, and what comes back (sd_listen_fds(3)).</summary>
[Platform("Linux")]
internal sealed class DescriptorStoreTests
{
    private const int ProcessId = 4711;

    [Test]
    public void Put_OneSocket_ArrivesUnderItsName()
    {
        using var manager = new DescriptorReceiver();
        using var listener = Listening();
        var store = Store(("NOTIFY_SOCKET", manager.Address), ("FDSTORE", "512"));

        store.Put("[::]:443", [(int)listener.Handle]);

        var (text, descriptors) = manager.Receive();
        Assert.That(text, Is.EqualTo("FDSTORE=1\nFDNAME=[,,],443"), "a name with a colon would be refused");
        Assert.That(descriptors, Has.Length.EqualTo(1));
        using var copy = new Socket(new SafeSocketHandle(descriptors[0], ownsHandle: true));
        Assert.That(copy.LocalEndPoint, Is.EqualTo(listener.LocalEndPoint));
    }

    [Test]
    public void Put_MoreThanOneMessageHolds_ComesInSeveral()
    {
        using var manager = new DescriptorReceiver();
        using var listener = Listening();
        var store = Store(("NOTIFY_SOCKET", manager.Address), ("FDSTORE", "512"));

        store.Put("name", Enumerable.Repeat((int)listener.Handle, 300).ToArray());

        var (_, first) = manager.Receive();
        var (text, second) = manager.Receive();
        Assert.That(text, Is.EqualTo("FDSTORE=1\nFDNAME=name"));
        Assert.That(first.Length + second.Length, Is.EqualTo(300));
        Array.ForEach([.. first, .. second], fd => _ = Libc.Close(fd));
    }

    [Test]
    public void Remove_NamesIt()
    {
        using var manager = new DescriptorReceiver();
        var store = Store(("NOTIFY_SOCKET", manager.Address), ("FDSTORE", "512"));

        store.Remove("0.0.0.0:443");

        Assert.That(manager.Receive().Text, Is.EqualTo("FDSTOREREMOVE=1\nFDNAME=0.0.0.0,443"));
    }

    [Test]
    public void Store_WithoutAManagerThatKeeps_DoesNothing()
    {
        using var manager = new DescriptorReceiver();
        var store = Store(("NOTIFY_SOCKET", manager.Address), ("LISTEN_PID", "4711"), ("LISTEN_FDS", "1"), ("LISTEN_FDNAMES", "a"));

        store.Put("name", [0]);
        store.Remove("name");

        Assert.That(store.IsEnabled, Is.False);
        Assert.That(store.Take("a"), Is.Empty);
        Assert.That(manager.HasMessage, Is.False);
    }

    [TestCase("1", "1", Description = "another process's")]
    [TestCase("4711", "many")]
    [TestCase("4711", "0")]
    public void Take_OfWhatIsNotOurs_IsEmpty(string process, string count)
    {
        using var manager = new DescriptorReceiver();
        var store = Store(
            ("NOTIFY_SOCKET", manager.Address), ("FDSTORE", "1"), ("LISTEN_PID", process), ("LISTEN_FDS", count), ("LISTEN_FDNAMES", "a"));

        Assert.That(store.Take("a"), Is.Empty);
        Assert.That(store.CloseRest(), Is.Empty);
    }

    [Test]
    public void Take_OfDescriptorsThatDoNotListen_IsEmptyAndLeavesThemOpen()
    {
        // From 3 on this process has files of its own, and no listening socket among the first ones.
        using var manager = new DescriptorReceiver();
        var store = Store(
            ("NOTIFY_SOCKET", manager.Address), ("FDSTORE", "1"), ("LISTEN_PID", "4711"), ("LISTEN_FDS", "1"), ("LISTEN_FDNAMES", "a"));

        Assert.That(store.CloseRest(), Is.Empty);
        Assert.That(File.Exists("/proc/self/fd/3"), Is.True);
    }

    private static DescriptorStore Store(params (string Name, string Value)[] environment) =>
        new(name => environment.FirstOrDefault(pair => pair.Name == name).Value, ProcessId);

    private static Socket Listening()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
