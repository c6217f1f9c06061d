//! The code pages that MS-DOS wrote, and consoles of Windows still do, which the Encoding Standard
//! has none of.

/// A code page: its name, its other label, and the characters of the bytes from 0x80 on, as the
/// tables of the Unicode Consortium have them (CP437.TXT, CP850.TXT, CP852.TXT).
struct CodePage {
    name: &'static str,
    label: &'static str,
    upper: &'static str,
}

const PAGES: [CodePage; 3] = [
    CodePage {
        name: "IBM437",
        label: "cp437",
        upper: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    },
    CodePage {
        name: "IBM850",
        label: "cp850",
        upper: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    },
    CodePage {
        name: "IBM852",
        label: "cp852",
        upper: "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
    },
];

/// The page of Western Europe.
pub(crate) const WESTERN: &str = PAGES[1].name;

/// Returns the name of the code page that a label means.
pub(crate) fn named(label: &str) -> Option<&'static str> {
    let label = label.trim().to_lowercase();
    let is_it = |page: &&CodePage| label == page.label || label == page.name.to_lowercase();
    PAGES.iter().find(is_it).map(|page| page.name)
}

/// Returns the text of bytes in a code page; every byte is a character.
pub(crate) fn decode(bytes: &[u8], name: &str) -> Option<String> {
    let page = PAGES.iter().find(|page| page.name == name)?;
    let upper: Vec<char> = page.upper.chars().collect();
    let of = |byte: &u8| match byte.checked_sub(0x80) {
        Some(at) => upper[usize::from(at)],
        None => char::from(*byte),
    };
    Some(bytes.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_page_has_a_character_for_each_byte() {
        for page in &PAGES {
            assert_eq!(page.upper.chars().count(), 128, "{}", page.name);
        }
    }
}
