using MultiProc.Boundary;

namespace MultiProc.Sequences;

/// <summary>The function of a reduction's further calls. In a worker, it folds partial results, in order.</summary>
[Wrapper]
internal sealed class PartialFold<TMapped>(Func<TMapped, TMapped, TMapped> reduce)
{
    public Func<TMapped[], TMapped> Run => Fold;

    private TMapped Fold(TMapped[] partials) => partials.Aggregate(reduce);
}
