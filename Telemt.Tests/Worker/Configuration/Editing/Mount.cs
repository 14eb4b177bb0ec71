using Telemt.Tests.External;

namespace Telemt.Tests.Worker.Configuration.Editing;

/// <summary>A bind mount for one test; where mounting is not allowed the test is skipped.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string _at;

    private Mount(string at) => _at = at;

    public static Mount Bind(string what, string at, bool readOnly = false)
    {
        var (code, error) = Run("mount", "--bind", what, at);
        if (code != 0)
        {
            Assert.Ignore("nothing can be mounted here: " + error);
        }

        var mount = new Mount(at);
        if (readOnly)
        {
            Assert.That(Run("mount", "-o", "remount,ro,bind", at).Code, Is.Zero);
        }

        return mount;
    }

    public void Dispose() => Assert.That(Run("umount", _at).Code, Is.Zero);

    private static (int Code, string Error) Run(string tool, params string[] arguments)
    {
        using var process = Tool.Find(tool).Start(arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
