using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Sums, differences, products and quotients.</summary>
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.add_Tensor.Tensor(this, target);
        public Tensor add(Scalar scalar) => Aten.add_Scalar.Tensor(this, scalar);
        public Tensor add(Tensor target, Scalar alpha) => Aten.add_Tensor.Tensor(this, target, alpha);
        public Tensor add(Scalar scalar, Scalar alpha) => Aten.add_Scalar.Tensor(this, scalar, alpha);
        public Tensor add_(Tensor target) => Aten.add__Tensor.On(this, target);
        public Tensor add_(Scalar scalar) => Aten.add__Scalar.On(this, scalar);
        public Tensor add_(Tensor target, Scalar alpha) => Aten.add__Tensor.On(this, target, alpha);
        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.add__Scalar.On(this, scalar, alpha);
        public Tensor sub(Tensor target) => Aten.sub_Tensor.Tensor(this, target);
        public Tensor sub(Scalar target) => Aten.sub_Scalar.Tensor(this, target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract(Scalar target) => sub(target);
        public Tensor sub_(Tensor target) => Aten.sub__Tensor.On(this, target);
        public Tensor sub_(Scalar target) => Aten.sub__Scalar.On(this, target);
        public Tensor subtract_(Tensor target) => sub_(target);
        public Tensor subtract_(Scalar target) => sub_(target);
        public Tensor mul(Tensor target) => Aten.mul_Tensor.Tensor(this, target);
        public Tensor mul(Scalar target) => Aten.mul_Scalar.Tensor(this, target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor multiply(Scalar target) => mul(target);
        public Tensor mul_(Tensor target) => Aten.mul__Tensor.On(this, target);
        public Tensor mul_(Scalar target) => Aten.mul__Scalar.On(this, target);
        public Tensor multiply_(Tensor target) => mul_(target);
        public Tensor multiply_(Scalar target) => mul_(target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.div_Tensor_mode.Tensor(this, target, NameOf(rounding_mode));
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor true_divide(Tensor other) => div(other);
        public Tensor floor_divide(Tensor other) => div(other, RoundingMode.floor);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.div_Scalar_mode.Tensor(this, target, NameOf(rounding_mode));
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor true_divide(Scalar other) => div(other);
        public Tensor floor_divide(Scalar other) => div(other, RoundingMode.floor);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.div__Tensor_mode.On(this, target, NameOf(rounding_mode));
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide_(Tensor other) => div_(other);
        public Tensor floor_divide_(Tensor other) => div_(other, RoundingMode.floor);
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.div__Scalar_mode.On(this, target, NameOf(rounding_mode));
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide_(Scalar other) => div_(other);
        public Tensor floor_divide_(Scalar other) => div_(other, RoundingMode.floor);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        private static string? NameOf(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }

    public static Tensor add(Tensor input, Tensor target) => input.add(target);
    public static Tensor add(Tensor input, Scalar scalar) => input.add(scalar);
    public static Tensor add(Tensor input, Tensor target, Scalar alpha) => input.add(target, alpha);
    public static Tensor add(Tensor input, Scalar scalar, Scalar alpha) => input.add(scalar, alpha);
    public static Tensor add_(Tensor input, Tensor target) => input.add_(target);
    public static Tensor add_(Tensor input, Scalar scalar) => input.add_(scalar);
    public static Tensor add_(Tensor input, Tensor target, Scalar alpha) => input.add_(target, alpha);
    public static Tensor add_(Tensor input, Scalar scalar, Scalar alpha) => input.add_(scalar, alpha);
    public static Tensor sub(Tensor input, Tensor target) => input.sub(target);
    public static Tensor sub(Tensor input, Scalar target) => input.sub(target);
    public static Tensor subtract(Tensor input, Tensor target) => input.subtract(target);
    public static Tensor subtract(Tensor input, Scalar target) => input.subtract(target);
    public static Tensor sub_(Tensor input, Tensor target) => input.sub_(target);
    public static Tensor sub_(Tensor input, Scalar target) => input.sub_(target);
    public static Tensor subtract_(Tensor input, Tensor target) => input.subtract_(target);
    public static Tensor subtract_(Tensor input, Scalar target) => input.subtract_(target);
    public static Tensor mul(Tensor input, Tensor target) => input.mul(target);
    public static Tensor mul(Tensor input, Scalar target) => input.mul(target);
    public static Tensor multiply(Tensor input, Tensor target) => input.multiply(target);
    public static Tensor multiply(Tensor input, Scalar target) => input.multiply(target);
    public static Tensor mul_(Tensor input, Tensor target) => input.mul_(target);
    public static Tensor mul_(Tensor input, Scalar target) => input.mul_(target);
    public static Tensor multiply_(Tensor input, Tensor target) => input.multiply_(target);
    public static Tensor multiply_(Tensor input, Scalar target) => input.multiply_(target);
    public static Tensor div(Tensor input, Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.div(target, rounding_mode);
    public static Tensor divide(Tensor input, Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.divide(target, rounding_mode);
    public static Tensor true_divide(Tensor input, Tensor other) => input.true_divide(other);
    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);
    public static Tensor div(Tensor input, Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.div(target, rounding_mode);
    public static Tensor divide(Tensor input, Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.divide(target, rounding_mode);
    public static Tensor true_divide(Tensor input, Scalar other) => input.true_divide(other);
    public static Tensor floor_divide(Tensor input, Scalar other) => input.floor_divide(other);
    public static Tensor div_(Tensor input, Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.div_(target, rounding_mode);
    public static Tensor divide_(Tensor input, Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.divide_(target, rounding_mode);
    public static Tensor true_divide_(Tensor input, Tensor other) => input.true_divide_(other);
    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);
    public static Tensor div_(Tensor input, Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.div_(target, rounding_mode);
    public static Tensor divide_(Tensor input, Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
        input.divide_(target, rounding_mode);
    public static Tensor true_divide_(Tensor input, Scalar other) => input.true_divide_(other);
    public static Tensor floor_divide_(Tensor input, Scalar other) => input.floor_divide_(other);

    public enum RoundingMode
    {
        None, trunc, floor,
    }
}
