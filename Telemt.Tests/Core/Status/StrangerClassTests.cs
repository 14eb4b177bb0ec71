using Telemt.Core.Gate;
using Telemt.Core.Status;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Status;

internal sealed class StrangerClassTests
{
    [TestCase(Refusal.Silent, "", StrangerClass.Silent)]
    [TestCase(Refusal.Ended, "", StrangerClass.Silent)]
    [TestCase(Refusal.Http, "GET / HTTP/1.1\r\n", StrangerClass.Http)]
    [TestCase(Refusal.NotTls, "SSH-2.0-OpenSSH_9.2p1", StrangerClass.Ssh)]
    [TestCase(Refusal.Stalled, "SSH-2.0-Go\r\n", StrangerClass.Ssh)]
    [TestCase(Refusal.WrongSecret, "SSH-2.0-a banner that is as long as the header of a client is.....", StrangerClass.Ssh)]
    [TestCase(Refusal.MalformedHello, "\x16\x03\x01\x7f\xff", StrangerClass.TlsScanner)]
    [TestCase(Refusal.SurplusBytes, "\x16\x03\x01\x02\x00", StrangerClass.TlsScanner)]
    [TestCase(Refusal.Stalled, "\x16", StrangerClass.TlsScanner)]
    [TestCase(Refusal.NotTls, "\x15\x03\x01\x00\x02\x02\x28", StrangerClass.TlsScanner)]
    [TestCase(Refusal.NotTls, "\x80\x2e\x01\x00\x02", StrangerClass.TlsScanner)]
    [TestCase(Refusal.NotTls, "PRI * HTTP/2.0\r\n", StrangerClass.OtherBytes)]
    [TestCase(Refusal.ModeOff, "\x16\x03\x01\x02\x00", StrangerClass.TlsScanner)]
    [TestCase(Refusal.ModeOff, "0123456789", StrangerClass.KnownUser)]
    [TestCase(Refusal.WrongSecret, "0123456789", StrangerClass.WrongSecret)]
    [TestCase(Refusal.SourceBackoff, "\x16\x03\x01\x02\x00", StrangerClass.TlsScanner)]
    [TestCase(Refusal.UnknownSni, "\x16\x03\x01", StrangerClass.UnknownSni)]
    [TestCase(Refusal.Stale, "\x16\x03\x01", StrangerClass.Stale)]
    [TestCase(Refusal.Replay, "\x16\x03\x01", StrangerClass.Replay)]
    [TestCase(Refusal.UserDisabled, "\x16\x03\x01", StrangerClass.KnownUser)]
    [TestCase(Refusal.Policy, "0123456789", StrangerClass.KnownUser)]
    [TestCase(Refusal.BadInnerHeader, "\x17\x03\x03", StrangerClass.KnownUser)]
    [TestCase(Refusal.SourceHandshakes, "\x16", StrangerClass.Crowded)]
    [TestCase(Refusal.ProxyHeader, "", StrangerClass.NotIntroduced)]
    public void Of_WhatCame_IsItsClass(Refusal cause, string bytes, StrangerClass expected) =>
        Assert.That(StrangerClasses.Of(cause, [.. bytes.Select(c => (byte)c)], isForUs: false), Is.EqualTo(expected));

    [Test]
    public void Of_AHelloForUsWithAWrongDigest_IsAClientsWithAnOldLink() =>
        Assert.That(StrangerClasses.Of(Refusal.WrongSecret, new TestHello().Build(), isForUs: true), Is.EqualTo(StrangerClass.WrongSecret));

    [Test]
    public void Network_OfASite_IsWhatOneBlocks()
    {
        Assert.That(Of("203.0.113.77"), Is.EqualTo("203.0.113.0/24"));
        Assert.That(Of("2001:db8:1:2::9"), Is.EqualTo("2001:db8:1::/48"));

        static string Of(string address) => NetworkPrefix.OfSite(new Telemt.Core.ClientAddress(new(System.Net.IPAddress.Parse(address), 1))).ToString();
    }
}
