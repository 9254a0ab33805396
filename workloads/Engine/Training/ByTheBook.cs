using MlPerfEdu.Roofline.Measure;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// A workload whose step exists once more as TorchSharp's documentation teaches it: the package's modules, operators and optimizer,
/// 32-bit numbers, a dispose scope for each step, and no kernel of this project.
/// </summary>
public interface IByTheBook
{
    /// <summary>The step that <see cref="IStepSource.Prepare"/> makes, with the same weights and data.</summary>
    IBookStep PrepareByTheBook(int batch);
}

/// <summary>A workload by the book that is trained.</summary>
public interface ITrainedByTheBook : IByTheBook
{
    /// <summary>What <see cref="ITrainingWorkload.Begin"/> begins, with the same weights, batches and noise.</summary>
    ITrainingRun BeginByTheBook(int seed);
}

public interface IBookStep : IDisposable
{
    void Step();
}

/// <summary>A module that computes with a kernel of this project or, the same, with libtorch's operators alone.</summary>
public interface IPlainForm
{
    bool IsPlain { get; set; }
}

/// <summary>TorchSharp's own optimizer and plain modules for a recipe.</summary>
public static class Book
{
    /// <summary>A model with all of its modules in their plain form.</summary>
    public static T Plain<T>(T model)
        where T : Module
    {
        foreach (var form in model.modules().Prepend(model).OfType<IPlainForm>()) form.IsPlain = true;
        return model;
    }

    /// <summary>The recipe's optimizer, or AdamW where TorchSharp lacks it.</summary>
    public static optim.Optimizer Optimizer(IEnumerable<Parameter> trained, Recipe recipe) => DataSelection.WithBookOptimizer(recipe).Optimizer switch
    {
        "adam" => optim.Adam(trained, recipe.LearningRate, recipe.Betas.First, recipe.Betas.Second, recipe.Epsilon, recipe.WeightDecay),
        _ => optim.AdamW(trained, recipe.LearningRate, recipe.Betas.First, recipe.Betas.Second, recipe.Epsilon, recipe.WeightDecay),
    };

    public static void SetLearningRate(optim.Optimizer optimizer, double learningRate)
    {
        foreach (var group in optimizer.ParamGroups) group.LearningRate = learningRate;
    }

    /// <summary>From a loss to new parameters.</summary>
    public static float Update(optim.Optimizer optimizer, IReadOnlyList<Parameter> trained, Tensor loss, double clipNorm)
    {
        optimizer.zero_grad();
        loss.backward();
        if (clipNorm > 0) nn.utils.clip_grad_norm_(trained, clipNorm);
        optimizer.step();
        return loss.item<float>();
    }
}

/// <summary>The training of one <see cref="SupervisedWorkload"/> from one seed, by the book.</summary>
sealed class SupervisedBook : ITrainingRun, IBookStep
{
    readonly SupervisedWorkload workload;
    readonly Module<Tensor, Tensor> model;
    readonly Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly BatchOrder order;
    readonly double clipNorm;
    Xoshiro noise;

    public SupervisedBook(SupervisedWorkload workload, Recipe recipe, int batch, int seed)
    {
        this.workload = workload;
        random.manual_seed(seed);
        model = Book.Plain(workload.BuildModel());
        parameters = [.. model.parameters()];
        optimizer = Book.Optimizer(parameters, recipe);
        clipNorm = recipe.ClipNorm;
        order = new BatchOrder((int)workload.Inputs.shape[0], batch, (ulong)seed);
        noise = SupervisedRun.Noise(seed);
    }

    /// <summary>As of <see cref="SupervisedRun"/>.</summary>
    public long[]? Only { get; init; }

    public float Step(double learningRate)
    {
        Book.SetLearningRate(optimizer, learningRate);
        return TakeStep();
    }

    void IBookStep.Step() => TakeStep();

    float TakeStep()
    {
        using var scope = NewDisposeScope();
        var positions = tensor(Only ?? order.Next().ToArray());
        var rows = workload.Inputs.index_select(0, positions);
        var targets = ReferenceEquals(workload.Inputs, workload.Targets) ? rows : workload.Targets.index_select(0, positions);
        var loss = workload.Loss(model.call(workload.PresentByTheBook(rows, ref noise)), targets);
        return Book.Update(optimizer, parameters, loss, clipNorm);
    }

    public Scores Evaluate(CancellationToken stop) => workload.Score(model, stop);

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
    }
}
