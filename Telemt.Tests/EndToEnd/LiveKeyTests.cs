using System.Reflection;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.EndToEnd;

/// <summary>No key is without a test that edits it on a running proxy and sees what comes of it.</summary>
internal sealed class LiveKeyTests
{
    [Test]
    public void Keys_AreAllTriedLive()
    {
        var tried = typeof(LiveKeyTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<LiveKeyAttribute>())
            .Select(key => key.Path)
            .Distinct();

        Assert.That(tried, Is.EquivalentTo(ConfigurationSchema.AllKeys.Select(key => key.Path)));
    }
}
