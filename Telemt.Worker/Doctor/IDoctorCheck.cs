namespace Telemt.Worker.Doctor;

/// <summary>One thing to look at. Holds nothing between two runs.</summary>
internal interface IDoctorCheck
{
    /// <summary>One word, for the report.</summary>
    string Name { get; }

    /// <summary>Looks; what is wrong is a finding, never an exception.</summary>
    Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation);
}
