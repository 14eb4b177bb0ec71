using System.Text;

namespace Telemt.Worker.Systemd.Notify;

/// <summary>One message to the service manager: assignments of the form NAME=value, one a line.</summary>
internal readonly struct ServiceState(string state)
{
    public static readonly ServiceState Ready = new("READY=1");

    public static readonly ServiceState Stopping = new("STOPPING=1");

    private readonly byte[] _data = Encoding.UTF8.GetBytes(state ?? throw new ArgumentNullException(nameof(state)));

    public override string ToString() => _data is null ? "" : Encoding.UTF8.GetString(_data);

    internal byte[] GetData() => _data ?? [];
}
