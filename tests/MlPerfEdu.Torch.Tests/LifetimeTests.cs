using MlPerfEdu.Torch.Tests.Cases;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Who owns a tensor, and when its memory goes.</summary>
public sealed class LifetimeTests
{
    private static ThreadDisposeScopeStatistics Statistics => DisposeScopeManager.Statistics;

    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor made;
        using (NewDisposeScope())
            made = ones(3);
        Assert.True(made.IsInvalid);
    }

    [Fact]
    public void A_scope_counts_and_lists_its_tensors()
    {
        using var scope = NewDisposeScope();
        var a = ones(3);
        var b = a + a;
        Assert.Equal(2, scope.DisposablesCount);
        Assert.True(scope.Contains(b));
        a.Dispose();
        Assert.False(scope.Contains(a));
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Tensors_move_outwards_one_scope_at_a_time()
    {
        using var outer = NewDisposeScope();
        Tensor kept, named;
        using (var inner = NewDisposeScope())
        {
            kept = ones(3).MoveToOuterDisposeScope();
            named = inner.MoveToOuter(ones(2));
        }
        Assert.False(kept.IsInvalid);
        Assert.True(outer.Contains(named));
    }

    [Fact]
    public void Pairs_and_triples_move_as_one_tensor_does()
    {
        using var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var (a, b) = inner.MoveToOuter(ones(1), ones(2));
        var (c, d, e) = inner.MoveToOuter(ones(1), ones(2), ones(3));
        var (f, g) = inner.Detach(ones(1), ones(2));
        var (h, i, j) = inner.Detach(ones(1), ones(2), ones(3));
        inner.Dispose();
        Assert.All([a, b, c, d, e], moved => Assert.True(outer.Contains(moved)));
        Assert.All([f, g, h, i, j], loose => Assert.False(outer.Contains(loose)));
        Assert.All([f, g, h, i, j], loose => loose.Dispose());
        Assert.Equal(5, outer.DisposablesCount);
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope()
    {
        Tensor kept;
        using (NewDisposeScope())
        using (NewDisposeScope())
            kept = ones(3).DetachFromDisposeScope();
        Assert.Equal(3, kept.sum().item<float>());
        kept.Dispose();
    }

    [Fact]
    public void Tensors_move_between_scopes_and_can_be_attached_again()
    {
        using var other = NewDisposeScope();
        using var scope = NewDisposeScope();
        var moved = scope.MoveToOther(other, ones(1));
        var again = ones(1).MoveToOtherDisposeScope(other);
        Assert.True(other.Contains(moved) && other.Contains(again));
        var loose = scope.Detach(ones(2));
        Assert.False(scope.Contains(loose));
        scope.Attach(loose);
        scope.DisposeEverything();
        Assert.True(loose.IsInvalid);
        Assert.False(moved.IsInvalid);
    }

    [Fact]
    public void Everything_but_one_goes()
    {
        using var scope = NewDisposeScope();
        var gone = ones(1);
        var kept = scope.DisposeEverythingBut(ones(2));
        Assert.True(gone.IsInvalid);
        Assert.False(kept.IsInvalid);
    }

    [Fact]
    public void WrapWithDisposeScope_keeps_the_result_only()
    {
        Statistics.Reset();
        using var result = WrappedTensorDisposeScope(() => (ones(3) + 1) * 2);
        Assert.Equal(12, result.sum().item<float>());
        Assert.Equal(2, Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Statistics_tell_where_tensors_were_made_and_lost()
    {
        Statistics.Reset();
        var outside = ones(2);
        using (NewDisposeScope())
        {
            var inside = outside + 1;
            inside.Dispose();
            ones(1);
            ones(1).DetachFromDisposeScope().Dispose();
        }
        outside.Dispose();
        var tensors = Statistics.TensorStatistics;
        Assert.Equal((1, 1), (tensors.CreatedOutsideScopeCount, tensors.CreatedInScopeCount - 2));
        Assert.Equal((2, 2), (tensors.DisposedOutsideScopeCount, tensors.DisposedInScopeCount));
        Assert.Equal((1, 0), (tensors.DetachedFromScopeCount, tensors.ThreadTotalLiveCount));
    }

    [Fact]
    public void A_training_step_leaves_no_tensor()
    {
        using var model = new Separable();
        using var optimizer = optim.AdamW(model.parameters(), lr: 1e-3);
        using var x = ones(2, 2, 4, 4);
        Step();
        Statistics.Reset();
        Step();
        Assert.Equal(0, Statistics.ThreadTotalLiveCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            model.call(x).square().mean().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
    }

    [Fact]
    public void A_disposed_module_disposes_its_parameters()
    {
        var model = new Residual();
        var parameters = model.parameters().ToArray();
        model.Dispose();
        Assert.All(parameters, p => Assert.True(p.IsInvalid));
    }

    [Fact]
    public void Using_a_disposed_tensor_is_an_error_and_not_a_crash()
    {
        var gone = ones(2);
        gone.Dispose();
        Assert.ThrowsAny<Exception>(() => gone + 1);
    }
}
