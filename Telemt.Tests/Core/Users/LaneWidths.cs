using System.Runtime.Intrinsics;
using Telemt.Core.Crypto;
using Telemt.Core.Users;

namespace Telemt.Tests.Core.Users;

/// <summary>Every width that hashing many users can take, forced; vectors that the host lacks are emulated by the platform.</summary>
internal static class LaneWidths
{
    public static readonly string[] Names = ["512", "256", "128", "None", "Chosen"];

    public static UserLanes? Of(string name) => name switch
    {
        "512" => new UserLanes<Lanes512, Vector512<uint>>(),
        "256" => new UserLanes<Lanes256, Vector256<uint>>(),
        "128" => new UserLanes<Lanes128, Vector128<uint>>(),
        "None" => null,
        _ => UserLanes.ForThisHost(),
    };
}
