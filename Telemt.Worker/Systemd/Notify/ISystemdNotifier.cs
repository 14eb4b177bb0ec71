namespace Telemt.Worker.Systemd.Notify;

/// <summary>Tells the service manager how the service is (sd_notify). Any thread may call; a message that cannot be sent is dropped.</summary>
internal interface ISystemdNotifier
{
    /// <summary>False when no service manager asked to be told: <see cref="Notify"/> then does nothing.</summary>
    bool IsEnabled { get; }

    void Notify(ServiceState state);
}
