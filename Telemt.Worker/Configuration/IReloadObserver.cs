namespace Telemt.Worker.Configuration;

/// <summary>Is told of reloads, for those who report them: the service manager wants to know when one begins and ends.</summary>
internal interface IReloadObserver
{
    /// <summary>A reload begins.</summary>
    void Reloading();

    /// <summary>It has ended; every listener of the settings has been called.</summary>
    void Reloaded(ReloadOutcome outcome);
}
