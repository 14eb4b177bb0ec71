using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>The builder's methods, named and shaped as those of the platform's own formats and of public TOML packages.</summary>
internal static class TomlConfigurationExtensions
{
    /// <param name="path">Absolute, or relative to the builder's base path.</param>
    /// <param name="optional">A missing file is an empty configuration.</param>
    /// <param name="reloadOnChange">
    /// The platform's own watch, which misses symlink swaps and empties the configuration on an error; <see cref="TomlFileWatcher"/>
    /// does neither.
    /// </param>
    public static IConfigurationBuilder AddTomlFile(
        this IConfigurationBuilder builder, string path, bool optional = false, bool reloadOnChange = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.AddTomlFile(source =>
        {
            source.Path = path;
            source.Optional = optional;
            source.ReloadOnChange = reloadOnChange;
            ResolveFileProvider(source);
        });
    }

    public static IConfigurationBuilder AddTomlFile(this IConfigurationBuilder builder, Action<TomlConfigurationSource>? configureSource)
    {
        return builder.Add(configureSource);
    }

    private static void ResolveFileProvider(TomlConfigurationSource source)
    {
        var folder = Path.IsPathRooted(source.Path) ? Path.GetDirectoryName(Path.GetFullPath(source.Path)) : null;
        if (folder is null || !Directory.Exists(folder))
        {
            source.ResolveFileProvider();
            return;
        }

        // The platform's default takes a file whose name begins with a dot for a missing one.
        source.FileProvider = new PhysicalFileProvider(folder, ExclusionFilters.None);
        source.Path = Path.GetFileName(source.Path!);
    }
}
