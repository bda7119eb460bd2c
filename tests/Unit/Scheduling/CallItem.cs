namespace MultiProc.Unit.Scheduling;

/// <summary>An item of a <see cref="FakeCall"/>; its arguments and its result are these two numbers.</summary>
internal readonly record struct CallItem(int Call, int Item);
