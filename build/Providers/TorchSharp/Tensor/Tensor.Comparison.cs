using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Comparisons.</summary>
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Aten.eq_Tensor.Tensor(this, target);
        public Tensor eq(Scalar target) => Aten.eq_Scalar.Tensor(this, target);
        public Tensor eq_(Tensor target) => Aten.eq__Tensor.On(this, target);
        public Tensor eq_(Scalar target) => Aten.eq__Scalar.On(this, target);
        public Tensor ne(Tensor target) => Aten.ne_Tensor.Tensor(this, target);
        public Tensor ne(Scalar target) => Aten.ne_Scalar.Tensor(this, target);
        public Tensor not_equal(Tensor target) => ne(target);
        public Tensor ne_(Tensor target) => Aten.ne__Tensor.On(this, target);
        public Tensor ne_(Scalar target) => Aten.ne__Scalar.On(this, target);
        public Tensor lt(Tensor target) => Aten.lt_Tensor.Tensor(this, target);
        public Tensor lt(Scalar target) => Aten.lt_Scalar.Tensor(this, target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor lt_(Tensor target) => Aten.lt__Tensor.On(this, target);
        public Tensor lt_(Scalar target) => Aten.lt__Scalar.On(this, target);
        public Tensor le(Tensor target) => Aten.le_Tensor.Tensor(this, target);
        public Tensor le(Scalar target) => Aten.le_Scalar.Tensor(this, target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor le_(Tensor target) => Aten.le__Tensor.On(this, target);
        public Tensor le_(Scalar target) => Aten.le__Scalar.On(this, target);
        public Tensor gt(Tensor target) => Aten.gt_Tensor.Tensor(this, target);
        public Tensor gt(Scalar target) => Aten.gt_Scalar.Tensor(this, target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor gt_(Tensor target) => Aten.gt__Tensor.On(this, target);
        public Tensor gt_(Scalar target) => Aten.gt__Scalar.On(this, target);
        public Tensor ge(Tensor target) => Aten.ge_Tensor.Tensor(this, target);
        public Tensor ge(Scalar target) => Aten.ge_Scalar.Tensor(this, target);
        public Tensor greater_equal(Tensor target) => ge(target);
        public Tensor ge_(Tensor target) => Aten.ge__Tensor.On(this, target);
        public Tensor ge_(Scalar target) => Aten.ge__Scalar.On(this, target);
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Aten.isclose.Tensor(this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Aten.allclose.Bool(this, target, rtol, atol, equal_nan);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Aten.isin_Tensor_Tensor.Tensor(this, test_elements, assumeUnique, invert);
        public Tensor where(Tensor condition, Tensor y) => Aten.where_self.Tensor(condition, this, y);
    }

    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);
    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);
    public static Tensor not_equal(Tensor tensor, Tensor target) => tensor.not_equal(target);
    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);
    public static Tensor less(Tensor tensor, Tensor target) => tensor.less(target);
    public static Tensor le(Tensor left, Tensor right) => left.le(right);
    public static Tensor less_equal(Tensor tensor, Tensor target) => tensor.less_equal(target);
    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);
    public static Tensor greater(Tensor tensor, Tensor target) => tensor.greater(target);
    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);
    public static Tensor greater_equal(Tensor tensor, Tensor target) => tensor.greater_equal(target);
    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
        tensor.isclose(other, rtol, atol, nanEqual);
    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
        tensor.allclose(target, rtol, atol, equal_nan);
    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
        tensor.isin(test_elements, assumeUnique, invert);

    /// <summary>True when both have the same shape and elements.</summary>

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Aten.where_self.Tensor(condition, x, y);

    /// <summary>The indices of the true elements, one tensor for each dimension.</summary>
    public static Tensor[] where(Tensor condition) => Aten.where.List(condition);
}
