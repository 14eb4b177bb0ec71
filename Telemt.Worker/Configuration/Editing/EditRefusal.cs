namespace Telemt.Worker.Configuration.Editing;

/// <summary>Why an edit does not go into the file. The texts hold no secret.</summary>
internal enum EditProblem
{
    /// <summary>What it is about is not there.</summary>
    NotFound,

    /// <summary>What it adds is there already.</summary>
    Exists,

    /// <summary>Somebody else changed it since the editor looked.</summary>
    Changed,

    /// <summary>The file would have errors.</summary>
    Invalid,

    /// <summary>The file has errors as it is.</summary>
    Broken,

    /// <summary>The file cannot be written.</summary>
    Unwritable,

    /// <summary>Other edits keep the file for too long.</summary>
    Busy,
}

/// <param name="Text">What is wrong with its cure, a sentence without a full stop.</param>
internal sealed record EditRefusal(EditProblem Problem, string Text);
