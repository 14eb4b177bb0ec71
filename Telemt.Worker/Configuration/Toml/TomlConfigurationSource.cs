using Microsoft.Extensions.Configuration;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>A TOML file as a source of configuration.</summary>
internal sealed class TomlConfigurationSource : FileConfigurationSource
{
    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new TomlConfigurationProvider(this);
    }
}
