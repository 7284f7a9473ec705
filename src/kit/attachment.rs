//! What may be attached, known by its content and never by its name; pictures are drawn anew, so that the
//! place and the phone they carry do not come along. Decoding is bounded: a small file can be a huge picture.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::text::clean;

/// In bytes, before and after.
pub const MOST: usize = 10 * 1024 * 1024;
/// Of a picture: four times what a phone takes by default.
const PIXELS: u64 = 40_000_000;
const SIDE: u32 = 16_000;
/// What decoding may take, in bytes.
const MEMORY: u64 = 192 * 1024 * 1024;
/// In characters, without the ending.
const NAME_MAX: usize = 60;
const QUALITY: u8 = 85;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    Webp,
    Pdf,
    Docx,
    Xlsx,
}

/// Why it is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentFault {
    Empty,
    TooLarge,
    /// None of the formats that are known.
    Format,
    /// It begins like a picture and is none, or has too many pixels.
    Picture,
}

/// As it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub format: Format,
    pub bytes: Vec<u8>,
}

impl Format {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            // Macros are in files of other content types.
            [b'P', b'K', 3, 4, ..]
                if holds(b"[Content_Types].xml") && !holds(b"vbaProject.bin") =>
            {
                if holds(b"word/document.xml") {
                    Some(Self::Docx)
                } else if holds(b"xl/workbook.xml") {
                    Some(Self::Xlsx)
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// What is kept of these bytes. Takes a moment and some memory for a picture: not on an async thread.
pub fn take(bytes: Vec<u8>) -> Result<Attachment, AttachmentFault> {
    if bytes.is_empty() {
        return Err(AttachmentFault::Empty);
    }
    if bytes.len() > MOST {
        return Err(AttachmentFault::TooLarge);
    }
    let format = Format::of(&bytes).ok_or(AttachmentFault::Format)?;
    let read_as = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Webp => ImageFormat::WebP,
        Format::Pdf | Format::Docx | Format::Xlsx => return Ok(Attachment { format, bytes }),
    };
    let picture = decode(&bytes, read_as).ok_or(AttachmentFault::Picture)?;
    let attachment = encode(&picture, format).ok_or(AttachmentFault::Picture)?;
    if attachment.bytes.len() > MOST {
        return Err(AttachmentFault::TooLarge);
    }
    Ok(attachment)
}

fn decode(bytes: &[u8], format: ImageFormat) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return None;
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(turned);
    Some(picture)
}

/// A picture stays a PNG where it may have transparent parts, all else becomes a JPEG.
fn encode(picture: &DynamicImage, format: Format) -> Option<Attachment> {
    let mut bytes = Vec::new();
    if format != Format::Jpeg && picture.color().has_alpha() || format == Format::Png {
        picture
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .ok()?;
        if bytes.len() <= MOST {
            let format = Format::Png;
            return Some(Attachment { format, bytes });
        }
        bytes.clear();
    }
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    picture.to_rgb8().write_with_encoder(encoder).ok()?;
    let format = Format::Jpeg;
    Some(Attachment { format, bytes })
}

/// The name under which it is offered: that of the sender without folders, with the ending of what it is.
pub fn name_of(typed: &str, format: Format) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let head: String = stem.chars().take(NAME_MAX).collect();
    let head = clean(&head, NAME_MAX).unwrap_or_else(|_| "附件".to_owned());
    let safe: String = head
        .chars()
        .map(|c| {
            if matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    format!("{safe}.{}", format.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = DynamicImage::new_rgb8(width, height);
        let mut out = Cursor::new(&mut bytes);
        picture.write_to(&mut out, format).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_drawn_anew_and_leaves_what_it_carried() {
        let mut jpeg = picture(ImageFormat::Jpeg, 8, 4);
        // An APP1 block after the head, as cameras write: orientation 6 and a place.
        let exif =
            b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS here";
        let length = u8::try_from(exif.len() + 2).unwrap();
        let mut block = vec![0xff, 0xe1, 0, length];
        block.extend_from_slice(exif);
        jpeg.splice(2..2, block);
        assert!(jpeg.windows(3).any(|it| it == b"GPS"));
        let kept = take(jpeg).unwrap();
        assert_eq!(kept.format, Format::Jpeg);
        assert!(!kept.bytes.windows(3).any(|it| it == b"GPS"));
        let again = decode(&kept.bytes, ImageFormat::Jpeg).unwrap();
        assert_eq!(
            (again.width(), again.height()),
            (4, 8),
            "turned as it was taken"
        );
        let kept = take(picture(ImageFormat::Png, 3, 3)).unwrap();
        assert_eq!(kept.format, Format::Png);
        assert_eq!(
            take(picture(ImageFormat::WebP, 3, 3)).unwrap().format,
            Format::Jpeg
        );
    }

    #[test]
    fn what_it_is_says_its_content() {
        for (bytes, fault) in [
            (b"".to_vec(), AttachmentFault::Empty),
            (
                b"<script>alert(1)</script>".to_vec(),
                AttachmentFault::Format,
            ),
            (b"MZ\x90\0".to_vec(), AttachmentFault::Format),
            (b"PK\x03\x04 any archive".to_vec(), AttachmentFault::Format),
            (
                b"\xff\xd8\xff no picture".to_vec(),
                AttachmentFault::Picture,
            ),
            (vec![b'x'; MOST + 1], AttachmentFault::TooLarge),
        ] {
            assert_eq!(take(bytes), Err(fault));
        }
        assert_eq!(take(b"%PDF-1.7 ...".to_vec()).unwrap().format, Format::Pdf);
        let word = b"PK\x03\x04[Content_Types].xml word/document.xml".to_vec();
        assert_eq!(take(word).unwrap().format, Format::Docx);
    }

    #[test]
    fn a_small_file_that_is_a_huge_picture_is_refused() {
        // The head of a PNG of 15 000 × 15 000 pixels.
        let mut png = picture(ImageFormat::Png, 1, 1);
        png[16..20].copy_from_slice(&15_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&15_000u32.to_be_bytes());
        assert_eq!(take(png), Err(AttachmentFault::Picture));
    }

    #[test]
    fn a_name_is_a_name() {
        for (typed, name) in [
            ("会议记录.doc", "会议记录.pdf"),
            ("C:\\Users\\a\\照片.png", "照片.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("a\"b.pdf", "a_b.pdf"),
            ("", "附件.pdf"),
            ("\0.exe", "附件.pdf"),
        ] {
            assert_eq!(name_of(typed, Format::Pdf), name, "{typed}");
        }
    }
}
