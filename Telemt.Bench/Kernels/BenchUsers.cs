using System.Collections.Immutable;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;

namespace Telemt.Bench.Kernels;

/// <summary>Users with secrets of a fixed seed.</summary>
internal static class BenchUsers
{
    /// <summary>A hello of today's size.</summary>
    public const int HelloSize = 1_800;

    public static UserDirectory Directory(int count)
    {
        var random = new Random(1);
        var users = ImmutableArray.CreateBuilder<UserSettings>(count);
        for (var i = 0; i < count; i++)
        {
            users.Add(new UserSettings { Name = $"user{i}", Secret = new Secret(Bytes(random, Secret.Size)) });
        }
        return new UserDirectory(users.MoveToImmutable());
    }

    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
