using Microsoft.Extensions.Configuration;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

internal sealed class TomlConfigurationTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void AddTomlFile_SmallSections_BecomeFlatKeys()
    {
        var path = _folder.Write("a.toml", """
            port = 443
            mask = false
            ratio = 0.5
            name = "x:y"
            show_links = ["tele", "hello"]
            none = []
            day = 1979-05-27
            at = 1979-05-27T07:32:00Z
            [timeouts]
            idle = "30m"
            [empty]
            [[listeners]]
            ip = "0.0.0.0"
            [[listeners]]
            ip = "::"
            """);

        var configuration = new ConfigurationBuilder().AddTomlFile(path).Build();

        var expected = new Dictionary<string, string?>
        {
            ["port"] = "443",
            ["mask"] = "false",
            ["ratio"] = "0.5",
            ["name"] = "x:y",
            ["show_links:0"] = "tele",
            ["show_links:1"] = "hello",
            ["none"] = "",
            ["day"] = "1979-05-27",
            ["at"] = "1979-05-27T07:32:00.0000000+00:00",
            ["timeouts:idle"] = "30m",
            ["empty"] = null,
            ["listeners:0:ip"] = "0.0.0.0",
            ["listeners:1:ip"] = "::",
        };
        var leaves = configuration.AsEnumerable().Where(pair => pair.Value is not null || pair.Key == "empty");
        Assert.That(leaves, Is.EquivalentTo(expected));
        Assert.That(configuration["Timeouts:IDLE"], Is.EqualTo("30m"));
    }

    [Test]
    public void AddTomlFile_Users_StayInTheTreeOnly()
    {
        var provider = Load(_folder.Write("a.toml", "[users]\ntele = \"00\"\n[users.x]\nsecret = \"11\"\n"));

        Assert.That(provider.GetChildKeys([], null), Is.Empty);
        Assert.That(provider.Document!.Root.TryGet("users", out var users) && ((TomlTable)users).Entries.Count == 2);
    }

    [Test]
    public void AddTomlFile_KeyWithAColon_DoesNotPassForAnotherSection()
    {
        var provider = Load(_folder.Write("a.toml", "\"modes:tls\" = true\n"));

        Assert.That(provider.TryGet("modes:tls", out _), Is.False);
    }

    [Test]
    public void AddTomlFile_Document_KnowsPathAndContent()
    {
        var first = Load(_folder.Write("a.toml", "port = 1\n"));
        var same = Load(_folder.Write("b.toml", "port = 1\n"));
        var other = Load(_folder.Write("c.toml", "port = 2\n"));

        Assert.That(first.Document!.Path, Is.EqualTo(_folder["a.toml"]));
        Assert.That(same.Document!.ContentHash, Is.EqualTo(first.Document.ContentHash));
        Assert.That(other.Document!.ContentHash, Is.Not.EqualTo(first.Document.ContentHash));
    }

    [Test]
    public void AddTomlFile_RelativePath_IsFoundFromTheBasePath()
    {
        _folder.Write("a.toml", "port = 1");

        Assert.That(new ConfigurationBuilder().SetBasePath(_folder.Path).AddTomlFile("a.toml").Build()["port"], Is.EqualTo("1"));
    }

    [Test]
    public void AddTomlFile_NameWithADot_IsAFileLikeAnyOther()
    {
        Assert.That(Load(_folder.Write(".telemt.toml", "port = 1")).Document, Is.Not.Null);
    }

    [TestCase("")]
    [TestCase("\uFEFF")]
    [TestCase("# nothing yet\n")]
    public void AddTomlFile_EmptyFile_IsAnEmptyConfiguration(string text)
    {
        var provider = Load(_folder.Write("a.toml", text));

        Assert.That(provider.Document!.Root.Entries, Is.Empty);
        Assert.That(provider.GetChildKeys([], null), Is.Empty);
    }

    [Test]
    public void Build_MissingFile_Throws()
    {
        var path = _folder["none.toml"];

        Assert.That(() => Load(path), Throws.TypeOf<FileNotFoundException>().With.Message.Contains(path));
        Assert.That(() => Load(Path.Combine(_folder["none"], "none.toml")), Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void Build_MissingOptionalFile_IsAnEmptyConfiguration()
    {
        var configuration = new ConfigurationBuilder().AddTomlFile(_folder["none.toml"], optional: true).Build();

        Assert.That(configuration.AsEnumerable(), Is.Empty);
        Assert.That(Provider(configuration).Document, Is.Null);
    }

    [Test]
    public void Build_Mistake_ThrowsWithFileLineAndColumn()
    {
        var path = _folder.Write("a.toml", "port = 1\nport = 2\n");

        Assert.That(() => Load(path), Throws.TypeOf<InvalidDataException>()
            .With.Message.EqualTo($"{path}, line 2, column 1: 'port' is defined twice, first on line 1")
            .And.InnerException.TypeOf<TomlException>());
    }

    [Test]
    public void Build_FolderInsteadOfAFile_GoesToTheHandler()
    {
        Directory.CreateDirectory(_folder["a.toml"]);

        Assert.That(Errors(_folder["a.toml"], () => { }), Has.Exactly(1).TypeOf<FileNotFoundException>());
    }

    [Test]
    public void Reload_Mistake_GoesToTheHandlerAndTheLastGoodStays()
    {
        var path = _folder.Write("a.toml", "port = 1\n");

        Assert.That(Errors(path, () => _folder.Write("a.toml", "port = ")), Has.Exactly(1).TypeOf<InvalidDataException>());
    }

    [Test]
    public void Reload_DeletedFile_GoesToTheHandlerAndTheLastGoodStays()
    {
        var path = _folder.Write("a.toml", "port = 1\n");

        Assert.That(Errors(path, () => File.Delete(path)), Has.Exactly(1).TypeOf<FileNotFoundException>());
    }

    [Test]
    public void Reload_NewContent_ReplacesKeysAndTree()
    {
        var configuration = new ConfigurationBuilder().AddTomlFile(_folder.Write("a.toml", "port = 1\nmask = true")).Build();
        var reloads = 0;
        configuration.GetReloadToken().RegisterChangeCallback(_ => reloads++, null);

        _folder.Write("a.toml", "port = 2");
        configuration.Reload();

        Assert.That(configuration["port"], Is.EqualTo("2"));
        Assert.That(configuration["mask"], Is.Null);
        Assert.That(Provider(configuration).Document!.Root.Entries, Has.Count.EqualTo(1));
        Assert.That(reloads, Is.EqualTo(1));
    }

    [Test]
    public void Load_OnItsOwn_TellsWhoeverListens()
    {
        var provider = Load(_folder.Write("a.toml", "port = 1"));
        var told = 0;
        provider.GetReloadToken().RegisterChangeCallback(_ => told++, null);

        provider.Load();

        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void Load_EndlessStream_IsRefused()
    {
        using var endless = File.OpenRead("/dev/zero");
        var provider = new TomlConfigurationProvider(new TomlConfigurationSource());

        Assert.That(() => provider.Load(endless), Throws.TypeOf<InvalidDataException>());
    }

    /// <summary>What the handler hears from a load and a reload around a change; the last good keys and tree must stay.</summary>
    private static List<Exception> Errors(string path, Action change)
    {
        var errors = new List<Exception>();
        var configuration = new ConfigurationBuilder()
            .SetFileLoadExceptionHandler(context =>
            {
                errors.Add(context.Exception);
                context.Ignore = true;
            })
            .AddTomlFile(path)
            .Build();
        var provider = Provider(configuration);
        var (document, port) = (provider.Document, configuration["port"]);
        if (document is null)
        {
            return errors;
        }

        change();
        configuration.Reload();
        Assert.That(provider.Document, Is.SameAs(document));
        Assert.That(configuration["port"], Is.EqualTo(port).And.Not.Null);
        return errors;
    }

    private static TomlConfigurationProvider Load(string path) => Provider(new ConfigurationBuilder().AddTomlFile(path).Build());

    private static TomlConfigurationProvider Provider(IConfigurationRoot configuration) => configuration.Providers.OfType<TomlConfigurationProvider>().Single();
}
