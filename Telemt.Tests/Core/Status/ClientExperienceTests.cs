using System.Net;
using Telemt.Core;
using Telemt.Core.Status;
using Telemt.Core.Wire;

namespace Telemt.Tests.Core.Status;

internal sealed class ClientExperienceTests
{
    private const long HalfHour = 30 * 60 * 1000;

    private static readonly NetworkPrefix Here = Network("203.0.113.7");

    [TestCase(1)]
    [TestCase(37)]
    [TestCase(900)]
    [TestCase(59_000)]
    public void Percentile_OfOneTime_IsWithinAFifth(int milliseconds)
    {
        var histogram = new TimeHistogram();
        histogram.Add(milliseconds);

        Assert.That(histogram.Percentile(0.5), Is.EqualTo(milliseconds).Within(20).Percent);
    }

    [Test]
    public void Percentile_OfMany_TellsTheSlowFewApart()
    {
        var histogram = new TimeHistogram();
        for (var i = 0; i < 100; i++)
        {
            histogram.Add(i < 95 ? 40 : 4000);
        }

        Assert.That(histogram.Percentile(0.5), Is.EqualTo(40).Within(20).Percent);
        Assert.That(histogram.Percentile(0.9), Is.EqualTo(40).Within(20).Percent);
        Assert.That(histogram.Percentile(0.99), Is.EqualTo(4000).Within(20).Percent);
        Assert.That(new TimeHistogram().Percentile(0.5), Is.Null);
    }

    [Test]
    public void Time_BeyondAnyBucket_IsCounted()
    {
        var histogram = new TimeHistogram();
        histogram.Add(-5);
        histogram.Add(long.MaxValue);

        Assert.That(histogram.Count, Is.EqualTo(2));
    }

    [Test]
    public void Networks_TooMany_CountAmongTheOthers()
    {
        var experience = new ClientExperience();
        for (var i = 0; i < 5000; i++)
        {
            experience.For(ClientMode.Tls, 2, Network($"10.{i / 200}.{i % 200}.1"), 0).Sessions++;
            experience.For(ClientMode.Tls, 2, Network($"{i / 256}.{i % 256}.0.1"), 0).Sessions++;
        }

        var rows = experience.Rows.ToList();
        Assert.That(rows, Has.Count.LessThanOrEqualTo(ClientExperience.MostRows + 40));
        Assert.That(rows.Sum(row => row.Value.Sessions), Is.EqualTo(10_000));
        Assert.That(rows.Single(row => row.Key.Network == NetworkPrefix.Other).Value.Sessions, Is.GreaterThan(4000));
    }

    [TestCase((short)2, (short)2)]
    [TestCase((short)-4, (short)-4)]
    [TestCase((short)203, (short)203)]
    [TestCase((short)12345, (short)0)]
    [TestCase(short.MinValue, (short)0)]
    public void Dc_ThatAClientMadeUp_HasNoRowOfItsOwn(short dc, short row)
    {
        var experience = new ClientExperience();
        experience.For(ClientMode.Tls, dc, Here, 0);

        Assert.That(experience.Rows.Single().Key.Dc, Is.EqualTo(row));
    }

    [Test]
    public void Rows_AfterAnHour_AreForgotten()
    {
        var experience = new ClientExperience();
        experience.For(ClientMode.Tls, 2, Here, 0).Sessions++;
        experience.For(ClientMode.Tls, 2, Here, HalfHour).Sessions++;
        Assert.That(experience.Rows.Sum(row => row.Value.Sessions), Is.EqualTo(2));

        experience.For(ClientMode.Tls, 2, Here, 2 * HalfHour).Sessions++;
        Assert.That(experience.Rows.Sum(row => row.Value.Sessions), Is.EqualTo(2));

        experience.For(ClientMode.Tls, 2, Here, 9 * HalfHour).Sessions++;
        Assert.That(experience.Rows.Sum(row => row.Value.Sessions), Is.EqualTo(1));
    }

    [Test]
    public void Copy_StaysAsItWas()
    {
        var experience = new ClientExperience();
        experience.For(ClientMode.Tls, 2, Here, 0).FirstAnswer.Add(5);
        experience.Skews.Add(0);
        var copy = experience.Copy();
        experience.For(ClientMode.Tls, 2, Here, 0).FirstAnswer.Add(5);
        experience.Skews.Add(0);

        Assert.That((copy.Rows.Single().Value.FirstAnswer.Count, copy.Skews.Of(0)), Is.EqualTo((1, 1)));
    }

    [TestCase(0, 0)]
    [TestCase(-2, 0)]
    [TestCase(3, 1)]
    [TestCase(-29, -2)]
    [TestCase(700, 5)]
    [TestCase(-1_000_000_000, -5)]
    public void Skew_IsCountedInItsStep(long seconds, int step)
    {
        var skews = new ClockSkews();
        skews.Add(seconds);

        Assert.That(skews.Of(step), Is.EqualTo(1));
    }

    [TestCase("203.0.113.7", "203.0.0.0/16")]
    [TestCase("2001:db8:1:2::3", "2001:db8::/32")]
    public void Network_TellsNoPersonApart(string address, string expected) => Assert.That(Network(address).ToString(), Is.EqualTo(expected));

    [Test]
    public void Network_OfAUnixSocketsPeer_IsOther() => Assert.That(NetworkPrefix.OfProvider(default).ToString(), Is.EqualTo("other"));

    private static NetworkPrefix Network(string address) => NetworkPrefix.OfProvider(new ClientAddress(new IPEndPoint(IPAddress.Parse(address), 1)));
}
