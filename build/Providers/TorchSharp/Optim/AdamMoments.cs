using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The running means of the gradient and of its square, and the step that Adam and AdamW take with them.</summary>
internal sealed class AdamMoments
{
    internal long Step;
    internal required Tensor Mean, Square;
    internal Tensor? LargestSquare;

    internal void Move(Parameter parameter, Tensor gradient, double beta1, double beta2, double epsilon, double rate)
    {
        Step++;
        Mean.mul_(beta1).add_(gradient, alpha: 1 - beta1);
        Square.mul_(beta2).addcmul_(gradient, gradient, value: 1 - beta2);
        if (LargestSquare is not null)
        {
            using var larger = LargestSquare.maximum(Square);
            LargestSquare.copy_(larger);
        }
        // Both means start at zero; these factors take that out again.
        var (correction1, correction2) = (1 - Math.Pow(beta1, Step), 1 - Math.Pow(beta2, Step));
        using var spread = (LargestSquare ?? Square).sqrt();
        spread.div_(Math.Sqrt(correction2)).add_(epsilon);
        parameter.addcdiv_(Mean, spread, value: -rate / correction1);
    }

    internal void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
        LargestSquare?.Dispose();
    }
}
