namespace Telemt.Core.Policy;

/// <summary>What one user moved in one direction within a window. Rates are bytes per second.</summary>
/// <param name="Rate">Of this window.</param>
/// <param name="Usual">The same, smoothed over a few windows.</param>
/// <param name="Wants">More was there than a sink took or we let pass, and some of it moved.</param>
/// <param name="IsHeld">We made him wait.</param>
/// <param name="Full">Sinks of his that are full at the window's end.</param>
internal readonly record struct FlowSample(double Rate, double Usual, bool Wants, bool IsHeld, int Full = 0);
