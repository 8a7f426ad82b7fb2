/// `value` divided by `divisor`, rounded towards minus infinity.
func floorDivide(_ value: Int, _ divisor: Int) -> Int {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// `value` divided by `divisor`, rounded towards plus infinity.
func ceilDivide(_ value: Int, _ divisor: Int) -> Int {
    -floorDivide(-value, divisor)
}

/// The remainder of `floorDivide`, never negative.
func modulo(_ value: Int, _ divisor: Int) -> Int {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
}

extension UInt8 {
    /// The byte with `a` … `z` made upper case.
    var asciiUpperCase: UInt8 {
        self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") ? self - 32 : self
    }

    /// The digit's number when the byte is one of `0` … `9`.
    var digit: Int? {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") ? Int(self - UInt8(ascii: "0")) : nil
    }
}

extension [UInt8] {
    /// Adds what `padded` gives.
    mutating func append(padded number: Int, to width: Int) {
        guard number >= 0, number < 10_000 else {
            return append(contentsOf: ICalendar.padded(number, to: width).utf8)
        }
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while number / divisor > 9 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

/// `number` in decimal with zeros in front, up to `width` digits.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width
        ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
