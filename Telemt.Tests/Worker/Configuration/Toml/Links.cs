using System.Runtime.InteropServices;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>Swaps a symbolic link in one step; .NET's Move refuses a link to a folder in either place.</summary>
internal static class Links
{
    public static void Swap(string link, string target)
    {
        var temporary = link + "_tmp";
        File.CreateSymbolicLink(temporary, target);
        Assert.That(Rename(temporary, link), Is.Zero);
    }

    [DllImport("libc", EntryPoint = "rename")]
    private static extern int Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
