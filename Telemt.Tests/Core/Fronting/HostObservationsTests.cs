using Telemt.Core.Fronting;
using Telemt.Core.Wire;

namespace Telemt.Tests.Core.Fronting;

public sealed class HostObservationsTests
{
    private HostObservations _seen = null!;

    [SetUp]
    public void Begin() => _seen = new HostObservations();

    [Test]
    public void ToProfile_NothingOfTls13_IsNone()
    {
        _seen.Note(1, Tls13.Aes128GcmSha256, new HostFlight { Kind = HostFlightKind.OlderTls });
        _seen.Note(2, Tls13.Aes128GcmSha256, new HostFlight { Kind = HostFlightKind.NotTls });
        _seen.Note(3, Tls13.Aes128GcmSha256, new HostFlight { Kind = HostFlightKind.Alert, Alert = 40 });
        Assert.That(_seen.ToProfile(), Is.Null, "a host that refuses everybody is not to lock all clients out");
    }

    [Test]
    public void ToProfile_OfferRefusedByAHostThatAnswersOthers_IsRefused()
    {
        _seen.Note(1, Tls13.Aes128GcmSha256, Flight(3_000));
        _seen.Note(2, Tls13.Aes128GcmSha256, new HostFlight { Kind = HostFlightKind.Alert, Alert = 120 });
        _seen.Note(3, Tls13.Aes128GcmSha256, new HostFlight { Kind = HostFlightKind.Alert, Alert = 80 });
        var profile = _seen.ToProfile()!;
        Assert.That(profile.Offers[2].Refuses, Is.True);
        Assert.That(profile.Knows(3), Is.False, "internal_error says nothing of the offer");
    }

    [Test]
    public void ToProfile_SuiteThatWasNotTheClientsFirst_IsTheHostsOwnOrder()
    {
        _seen.Note(1, Tls13.Aes256GcmSha384, Flight(3_000, Tls13.Aes256GcmSha384));
        Assert.That(_seen.ToProfile()!.Suites, Is.Empty);
        _seen.Note(2, Tls13.Aes128GcmSha256, Flight(3_000, Tls13.Aes256GcmSha384));
        Assert.That(_seen.ToProfile()!.Suites, Is.EqualTo((ushort[])[Tls13.Aes256GcmSha384]));
    }

    [Test]
    public void ToProfile_BalancerWithTwoKindsOfServer_IsTheMoreFrequentOneOfLate()
    {
        foreach (var suite in (ushort[])[0x1301, 0x1302, 0x1301, 0x1302, 0x1301])
        {
            _seen.Note(1, 0x1301, Flight(3_000, suite));
        }

        Assert.That(_seen.ToProfile()!.Offers[1].Suite, Is.EqualTo(0x1301));
        for (var i = 0; i < 6; i++)
        {
            _seen.Note(1, 0x1301, Flight(3_000, 0x1303));
        }

        Assert.That(_seen.ToProfile()!.Offers[1].Suite, Is.EqualTo(0x1303), "the host has changed");
    }

    [Test]
    public void EndRound_LengthsOfANewCertificate_TakeThePlaceOfTheOld()
    {
        NoteAll(3_000, 3_001, 3_002, 3_001);
        _seen.EndRound();
        NoteAll(3_002, 3_001, 3_003);
        _seen.EndRound();
        Assert.That(_seen.ToProfile()!.Offers[1].Sizes.Seen, Has.Length.EqualTo(7));

        NoteAll(2_800, 2_801, 2_801);
        _seen.EndRound();
        Assert.That(_seen.ToProfile()!.Offers[1].Sizes.Seen, Is.EqualTo((int[])[2_800, 2_801, 2_801]));
    }

    [Test]
    public void Note_More_IsBounded()
    {
        for (var offer = 0UL; offer < 100; offer++)
        {
            _seen.Note(offer, 0x1301, Flight(3_000));
        }

        for (var i = 0; i < 1_000; i++)
        {
            _seen.Note(1, 0x1301, Flight(3_000 + i, extra: (ushort)(i % 10)));
            _seen.NoteDelay(i);
        }

        _seen.EndRound();
        Assert.That(_seen.Count, Is.EqualTo(HostObservations.MostOffers));
        Assert.That(_seen.All.Count(each => each.Offer == 1), Is.LessThanOrEqualTo(4));
        Assert.That(_seen.CountOf(1), Is.LessThanOrEqualTo(4 * HostObservations.MostSizes));
        Assert.That(_seen.Delays, Has.Length.EqualTo(HostObservations.MostDelays).And.Contain(999));
    }

    private static HostFlight Flight(int size, ushort suite = 0x1301, ushort extra = 0) => new()
    {
        Kind = HostFlightKind.Tls13,
        Suite = suite,
        Group = Tls13.X25519,
        Extensions = extra == 0 ? HostAnswer.VersionsFirst : [.. HostAnswer.VersionsFirst, new ServerExtension(extra, default)],
        Records = [size],
    };

    private void NoteAll(params int[] sizes)
    {
        foreach (var size in sizes)
        {
            _seen.Note(1, 0x1301, Flight(size));
        }
    }
}
