using System.Reflection;
using System.Runtime.CompilerServices;
using Telemt.Core;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.Boundary;

/// <summary>Two proxies in one process share nothing: no static field of ours ever changes.</summary>
internal sealed class StaticStateTests
{
    [Test]
    public void Assemblies_StaticFields_AreReadOnly()
    {
        var mutable = new[] { typeof(IRandomSource).Assembly, typeof(Session).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false } && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(field => $"{field.DeclaringType}.{field.Name}");
        Assert.That(mutable, Is.Empty);
    }

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.Contains('<') || (type.DeclaringType is { } outer && IsGenerated(outer));
}
