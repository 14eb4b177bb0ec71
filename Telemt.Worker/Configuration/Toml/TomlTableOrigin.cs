namespace Telemt.Worker.Configuration.Toml;

/// <summary>The syntax that made a table.</summary>
internal enum TomlTableOrigin
{
    /// <summary>The file itself.</summary>
    Root,

    /// <summary>Named only as the parent in <c>[parent.child]</c>; its own header may still follow, once.</summary>
    Implicit,

    /// <summary><c>[name]</c></summary>
    Header,

    /// <summary>One element under <c>[[name]]</c>.</summary>
    Element,

    /// <summary>The parent in <c>parent.child = value</c>; grows by more dotted keys and by headers below it.</summary>
    Dotted,

    /// <summary><c>{ ... }</c>, complete where it is written.</summary>
    Inline,
}
