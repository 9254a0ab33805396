using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Angles and hyperbolic functions.</summary>
    public partial class Tensor
    {
        public Tensor sin() => Aten.sin.Tensor(this);
        public Tensor sin_() => Aten.sin_.On(this);
        public Tensor cos() => Aten.cos.Tensor(this);
        public Tensor cos_() => Aten.cos_.On(this);
        public Tensor tan() => Aten.tan.Tensor(this);
        public Tensor tan_() => Aten.tan_.On(this);
        public Tensor asin() => Aten.asin.Tensor(this);
        public Tensor asin_() => Aten.asin_.On(this);
        public Tensor acos() => Aten.acos.Tensor(this);
        public Tensor acos_() => Aten.acos_.On(this);
        public Tensor atan() => Aten.atan.Tensor(this);
        public Tensor atan_() => Aten.atan_.On(this);
        public Tensor sinh() => Aten.sinh.Tensor(this);
        public Tensor sinh_() => Aten.sinh_.On(this);
        public Tensor cosh() => Aten.cosh.Tensor(this);
        public Tensor cosh_() => Aten.cosh_.On(this);
        public Tensor tanh() => Aten.tanh.Tensor(this);
        public Tensor tanh_() => Aten.tanh_.On(this);
        public Tensor asinh() => Aten.asinh.Tensor(this);
        public Tensor asinh_() => Aten.asinh_.On(this);
        public Tensor acosh() => Aten.acosh.Tensor(this);
        public Tensor acosh_() => Aten.acosh_.On(this);
        public Tensor atanh() => Aten.atanh.Tensor(this);
        public Tensor atanh_() => Aten.atanh_.On(this);
        public Tensor sinc() => Aten.sinc.Tensor(this);
        public Tensor sinc_() => Aten.sinc_.On(this);
        public Tensor arcsin() => asin();
        public Tensor arcsin_() => asin_();
        public Tensor arccos() => acos();
        public Tensor arccos_() => acos_();
        public Tensor arctan() => atan();
        public Tensor arctan_() => atan_();
        public Tensor arcsinh() => asinh();
        public Tensor arcsinh_() => asinh_();
        public Tensor arccosh() => acosh();
        public Tensor arccosh_() => acosh_();
        public Tensor arctanh() => atanh();
        public Tensor arctanh_() => atanh_();
        public Tensor atan2(Tensor other) => Aten.atan2.Tensor(this, other);
        public Tensor atan2_(Tensor other) => Aten.atan2_.On(this, other);
        public Tensor arctan2(Tensor other) => atan2(other);
        public Tensor arctan2_(Tensor other) => atan2_(other);
        public Tensor angle() => Aten.angle.Tensor(this);
        public Tensor deg2rad() => Aten.deg2rad.Tensor(this);
        public Tensor deg2rad_() => Aten.deg2rad_.On(this);
        public Tensor rad2deg() => Aten.rad2deg.Tensor(this);
        public Tensor rad2deg_() => Aten.rad2deg_.On(this);
    }

    public static Tensor sin(Tensor input) => input.sin();
    public static Tensor sin_(Tensor input) => input.sin_();
    public static Tensor cos(Tensor input) => input.cos();
    public static Tensor cos_(Tensor input) => input.cos_();
    public static Tensor tan(Tensor input) => input.tan();
    public static Tensor tan_(Tensor input) => input.tan_();
    public static Tensor asin(Tensor input) => input.asin();
    public static Tensor asin_(Tensor input) => input.asin_();
    public static Tensor acos(Tensor input) => input.acos();
    public static Tensor acos_(Tensor input) => input.acos_();
    public static Tensor atan(Tensor input) => input.atan();
    public static Tensor atan_(Tensor input) => input.atan_();
    public static Tensor sinh(Tensor input) => input.sinh();
    public static Tensor sinh_(Tensor input) => input.sinh_();
    public static Tensor cosh(Tensor input) => input.cosh();
    public static Tensor cosh_(Tensor input) => input.cosh_();
    public static Tensor tanh(Tensor input) => input.tanh();
    public static Tensor tanh_(Tensor input) => input.tanh_();
    public static Tensor asinh(Tensor input) => input.asinh();
    public static Tensor asinh_(Tensor input) => input.asinh_();
    public static Tensor acosh(Tensor input) => input.acosh();
    public static Tensor acosh_(Tensor input) => input.acosh_();
    public static Tensor atanh(Tensor input) => input.atanh();
    public static Tensor atanh_(Tensor input) => input.atanh_();
    public static Tensor sinc(Tensor input) => input.sinc();
    public static Tensor sinc_(Tensor input) => input.sinc_();
    public static Tensor arcsin(Tensor input) => input.arcsin();
    public static Tensor arcsin_(Tensor input) => input.arcsin_();
    public static Tensor arccos(Tensor input) => input.arccos();
    public static Tensor arccos_(Tensor input) => input.arccos_();
    public static Tensor arctan(Tensor input) => input.arctan();
    public static Tensor arctan_(Tensor input) => input.arctan_();
    public static Tensor arcsinh(Tensor input) => input.arcsinh();
    public static Tensor arcsinh_(Tensor input) => input.arcsinh_();
    public static Tensor arccosh(Tensor input) => input.arccosh();
    public static Tensor arccosh_(Tensor input) => input.arccosh_();
    public static Tensor arctanh(Tensor input) => input.arctanh();
    public static Tensor arctanh_(Tensor input) => input.arctanh_();
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);
    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);
    public static Tensor arctan2(Tensor input, Tensor other) => input.arctan2(other);
    public static Tensor arctan2_(Tensor input, Tensor other) => input.arctan2_(other);
    public static Tensor angle(Tensor input) => input.angle();
    public static Tensor deg2rad(Tensor input) => input.deg2rad();
    public static Tensor deg2rad_(Tensor input) => input.deg2rad_();
    public static Tensor rad2deg(Tensor input) => input.rad2deg();
    public static Tensor rad2deg_(Tensor input) => input.rad2deg_();
}
