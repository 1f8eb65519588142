//! CRC-32 as in PNG and zip (ITU-T V.42, reflected polynomial 0xEDB88320), eight bytes at a time (Kounavis and Berry 2005,
//! "slicing by 8"). The tables are made when they are needed: stored, they would add 15 kB to the page's download.

/// A checksum in the making.
pub(super) struct Crc {
    tables: [[u32; 256]; 8],
    state: u32,
}

impl Crc {
    pub fn new() -> Self {
        let mut tables = [[0; 256]; 8];
        for (byte, entry) in (0u32..).zip(&mut tables[0]) {
            *entry = (0..8).fold(byte, |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 });
        }
        for after in 1..8 {
            for byte in 0..256 {
                let before = tables[after - 1][byte];
                tables[after][byte] = before >> 8 ^ tables[0][usize::from(before as u8)];
            }
        }
        Self { tables, state: !0 }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let t = &self.tables;
        self.state = eights.iter().fold(self.state, |crc, &[a, b, c, d, e, f, g, h]| {
            let [i, j, k, l] = (crc ^ u32::from_le_bytes([a, b, c, d])).to_le_bytes();
            let [i, j, k, l, e, f, g, h] = [i, j, k, l, e, f, g, h].map(usize::from);
            t[7][i] ^ t[6][j] ^ t[5][k] ^ t[4][l] ^ t[3][e] ^ t[2][f] ^ t[1][g] ^ t[0][h]
        });
        self.state = rest.iter().fold(self.state, |crc, &byte| crc >> 8 ^ t[0][usize::from(crc as u8 ^ byte)]);
    }

    pub fn finish(self) -> u32 {
        !self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&[u8]]) -> u32 {
        let mut crc = Crc::new();
        parts.iter().for_each(|part| crc.update(part));
        crc.finish()
    }

    #[test]
    fn known_checksums_come_out_however_the_bytes_are_cut() {
        // The check value of the catalogue of parametrised CRC algorithms, and sums that `gzip` writes.
        assert_eq!(of(&[b"123456789"]), 0xCBF4_3926);
        assert_eq!(of(&[]), 0);
        let text = b"The quick brown fox jumps over the lazy dog";
        for cut in 0..=text.len() {
            assert_eq!(of(&[&text[..cut], &text[cut..]]), 0x414F_A339, "cut at {cut}");
        }
    }
}
