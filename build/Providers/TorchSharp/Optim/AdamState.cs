using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The running means of the gradient and of its square, and the step that Adam and AdamW take with them.</summary>
public abstract class AdamState : OptimizerState
{
    public long step;
    public Tensor exp_avg;
    public Tensor exp_avg_sq;
    public Tensor? max_exp_avg_sq;

    private protected AdamState(Parameter parameter, bool amsgrad) : base(parameter) =>
        (exp_avg, exp_avg_sq, max_exp_avg_sq) = (Zeros(), Zeros(), amsgrad ? Zeros() : null);

    internal void Move(Tensor gradient, AdamOptions options)
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        step++;
        exp_avg.mul_(beta1).add_(gradient, alpha: 1 - beta1);
        exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, value: 1 - beta2);
        if (max_exp_avg_sq is not null)
        {
            using var larger = max_exp_avg_sq.maximum(exp_avg_sq);
            max_exp_avg_sq.copy_(larger);
        }
        // Both means start at zero; these factors take that out again.
        var (correction1, correction2) = (1 - Math.Pow(beta1, step), 1 - Math.Pow(beta2, step));
        using var spread = (max_exp_avg_sq ?? exp_avg_sq).sqrt();
        spread.div_(Math.Sqrt(correction2)).add_(options.eps!.Value);
        Parameter.addcdiv_(exp_avg, spread, value: -options.LearningRate!.Value / correction1);
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(step);
        exp_avg.Save(writer);
        exp_avg_sq.Save(writer);
        SaveOptional(writer, max_exp_avg_sq);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        step = reader.ReadInt64();
        exp_avg.Load(reader);
        exp_avg_sq.Load(reader);
        max_exp_avg_sq?.Dispose();
        max_exp_avg_sq = LoadOptional(reader);
    }

    public override void Dispose()
    {
        exp_avg.Dispose();
        exp_avg_sq.Dispose();
        max_exp_avg_sq?.Dispose();
    }
}
