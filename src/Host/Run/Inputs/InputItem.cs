namespace MultiProc.Host.Run.Inputs;

/// <summary>One call's arguments - as JSON, or as text where the input is raw - and the number under which the user knows it: of the line, or of the range.</summary>
internal readonly record struct InputItem(long Number, string Text);
