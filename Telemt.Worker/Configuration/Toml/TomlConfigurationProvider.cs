using Microsoft.Extensions.Configuration;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// Loads a TOML file into flat keys and keeps its tree. What goes wrong, from a missing file to a mistake in it, goes where the builder's
/// SetFileLoadExceptionHandler sends it; a mistake comes as an <see cref="InvalidDataException"/> around the
/// <see cref="TomlException"/>. An empty file is an empty configuration here; whether that will do is for whoever validates it.
/// <para>
/// After a load that failed and was ignored, <see cref="Document"/> is still the last good one. So are the flat keys when the load came by
/// <see cref="Load()"/> or IConfigurationRoot.Reload(); a reload by the source's own ReloadOnChange empties them, as in every provider of
/// the platform. <see cref="TomlFileWatcher"/> with Reload() has no such gap.
/// </para>
/// </summary>
internal sealed class TomlConfigurationProvider(TomlConfigurationSource source) : FileConfigurationProvider(source)
{
    private volatile TomlDocument? _document;

    /// <summary>The last content that parsed; null before the first. A file gone since, even an optional one, does not change it.</summary>
    public TomlDocument? Document => _document;

    /// <summary>
    /// Loads now. Unlike the platform's, also a file that exists and cannot be opened goes to the handler: it must not end the process at
    /// a reload.
    /// </summary>
    public override void Load()
    {
        try
        {
            LoadFile();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            Report(error is TomlException mistake ? Describe(mistake) : error);
        }

        OnReload();
    }

    /// <exception cref="TomlException">The content is not TOML; nothing has changed then.</exception>
    public override void Load(Stream stream)
    {
        var document = TomlDocument.Parse(FullPath(), TomlContent.ReadAll(stream));
        Data = TomlFlattener.Flatten(document.Root);
        _document = document;
    }

    private void LoadFile()
    {
        var file = Source.FileProvider?.GetFileInfo(Source.Path ?? "");
        if (file is { Exists: true })
        {
            using var stream = file.CreateReadStream();
            Load(stream);
        }
        else if (Source.Optional)
        {
            Data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        }
        else
        {
            throw new FileNotFoundException($"The configuration file '{FullPath()}' does not exist.", FullPath());
        }
    }

    private void Report(Exception error)
    {
        var context = new FileLoadExceptionContext { Provider = this, Exception = error };
        Source.OnLoadException?.Invoke(context);
        if (!context.Ignore)
        {
            throw error;
        }
    }

    private InvalidDataException Describe(TomlException mistake)
    {
        return new InvalidDataException($"{FullPath()}, line {mistake.Line}, column {mistake.Column}: {mistake.Message}", mistake);
    }

    private string FullPath() => Source.FileProvider?.GetFileInfo(Source.Path ?? "").PhysicalPath ?? Source.Path ?? "";
}
