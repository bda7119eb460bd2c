using MultiProc.Boundary;

namespace MultiProc.Sequences;

/// <summary>Runs in a worker: folds partial results, in order.</summary>
[Wrapper]
internal sealed class PartialFold<TMapped>(Func<TMapped, TMapped, TMapped> reduce)
{
    public Func<TMapped[], TMapped> Run => Fold;

    private TMapped Fold(TMapped[] partials) => partials.Aggregate(reduce);
}
