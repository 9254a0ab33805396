// Turns C++ exceptions into the error text of the calling thread.
#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <string>

namespace mt {

std::string& last_error();

template <typename Body, typename Result>
Result guarded(Result failed, Body&& body) {
    last_error().clear();
    try {
        return body();
    } catch (const c10::Error& e) {
        last_error() = e.what_without_backtrace();
    } catch (const std::exception& e) {
        last_error() = e.what();
    } catch (...) {
        last_error() = "libtorch failed with something that is no std::exception.";
    }
    return failed;
}

}  // namespace mt
