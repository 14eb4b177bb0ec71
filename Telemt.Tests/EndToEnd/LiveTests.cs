namespace Telemt.Tests.EndToEnd;

/// <summary>A running proxy for each test, with one loop, so that shares of limits are the limits.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal abstract class LiveTests
{
    protected ProxyFixture Proxy { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync() => Proxy = await ProxyFixture.StartAsync(loops: 1);

    [TearDown]
    public ValueTask StopAsync() => Proxy.DisposeAsync();
}
