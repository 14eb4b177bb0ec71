using Telemt.Core.Status;

namespace Telemt.Tests.Core.Status;

internal sealed class CountTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Add_AKeyTwice_CountsItAndRemembersTheLast()
    {
        var table = Table();
        table.Add("a", Noon);
        table.Add("a", Noon.AddMinutes(1));
        Assert.That(table.Rows.Single(), Is.EqualTo(KeyValuePair.Create("a", new CountTable<string>.Row(2, Noon.AddMinutes(1)))));
    }

    [Test]
    public void Add_OneKeyTooMany_TheRarestGoesToTheOthersAndTheFrequentStay()
    {
        var table = Table();
        for (var i = 0; i < 10; i++)
        {
            table.Add("often", Noon);
        }

        for (var i = 0; i < 100_000; i++)
        {
            table.Add($"stranger {i}", Noon.AddSeconds(i));
        }

        var rows = table.Rows.ToDictionary();
        Assert.That(rows, Has.Count.EqualTo(5), "four of their own, and the others");
        Assert.That(rows["often"].Count, Is.EqualTo(10));
        Assert.That(rows, Does.ContainKey("stranger 99999"));
        Assert.That(rows["other"].LastAt, Is.EqualTo(Noon.AddSeconds(99_996)));
        Assert.That(rows.Values.Sum(row => row.Count), Is.EqualTo(100_010), "nobody is lost");
    }

    [Test]
    public void Copy_TheOriginalGoesOn_StaysAsItWas()
    {
        var table = Table();
        table.Add("a", Noon);
        var copy = table.Copy();
        table.Add("a", Noon);
        Assert.That(copy.Rows.Single().Value.Count, Is.EqualTo(1));
    }

    private static CountTable<string> Table() => new(4, static _ => "other");
}
