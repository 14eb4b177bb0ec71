using Telemt.Core.Settings;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>Every key of the schema, edited while the monitor runs: its effect is seen, or the "not in use" line names it.</summary>
[TestFixture]
internal sealed class KeyEffectTests
{
    private static IEnumerable<KeyEdit> Edits => KeyEdit.All;

    [Test]
    public void Table_HasOneRowForEachKey()
        => Assert.That(KeyEdit.All.Select(edit => edit.Path), Is.EquivalentTo(ConfigurationSchema.AllKeys.Select(key => key.Path)));

    [TestCaseSource(nameof(Edits))]
    public void Key_EditedLive_HasItsEffect(KeyEdit edit)
    {
        using var it = new Monitored(ConfigText.Least);
        var before = it.Monitor.CurrentValue;
        Assert.That(it.Edit(edit.Apply(ConfigText.Least)), Is.EqualTo(ReloadOutcome.Applied));
        Assert.Multiple(() =>
        {
            if (edit.Effect is { } effect)
            {
                Assert.That(effect(it.Monitor.CurrentValue), Is.EqualTo(edit.Expected));
                Assert.That(EffectOf(effect, before), Is.Not.EqualTo(edit.Expected), "it had that effect without the edit");
            }
        });
    }

    [TestCaseSource(nameof(Edits))]
    public void Key_HasAnEffectToSee(KeyEdit edit)
        => Assert.That(edit.Effect is not null || edit.Path == "strict");

    [TestCaseSource(nameof(Edits))]
    public void Key_Changed_IsNamedInTheLog(KeyEdit edit)
    {
        using var it = new Monitored(ConfigText.Least);
        it.Edit(edit.Apply(ConfigText.Least));
        if (edit.Path is "upstreams.enabled" or "listeners.ip")
        {
            Assert.Pass("equal to what holds without it, or told by the listener's own words");
        }

        Assert.That(it.Log[0], Does.StartWith("Information 1010 ").And.Not.Contains("no value is another"));
    }

    [Test]
    public void Strict_EditedLive_RefusesUnknownKeys()
    {
        using var it = new Monitored(ConfigText.Least + "prot = 1\n");
        Assert.Multiple(() =>
        {
            Assert.That(it.Edit("strict = true\n" + ConfigText.Least + "prot = 1\n"), Is.EqualTo(ReloadOutcome.Refused));
            Assert.That(it.Edit("strict = true\n" + ConfigText.Least + "port = 1\n"), Is.EqualTo(ReloadOutcome.Applied));
        });
    }

    private static object? EffectOf(Func<ProxySettings, object?> effect, ProxySettings settings)
    {
        try
        {
            return effect(settings);
        }
        catch (Exception missing) when (missing is InvalidOperationException or KeyNotFoundException)
        {
            // What the effect looks at was not there.
            return missing;
        }
    }
}
