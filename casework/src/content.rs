//! Contents of uploaded files: sealed under the key of their case, whole or in parts, and nowhere
//! else.

use futures_util::TryStreamExt as _;
use kernel::{
    AppError, DivisionCode,
    error::Broken,
    ids::{CaseId, Id as _, MaterialId},
};
use object_store::{ObjectStoreExt as _, path::Path as ObjectPath};
use seal::Nonce;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    desk::{Casework, seal_with},
    store::{file, material},
};

/// A part of a content, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Under which name it lies: nobody else's, so that two writers never meet.
    pub name: String,
    /// How long it is.
    pub bytes: i64,
}

/// The parts of a row.
pub(crate) fn parts_of(text: &str) -> Result<Vec<Part>, AppError> {
    serde_json::from_str(text).map_err(|fault| Broken::caused("parts of a file", fault).into())
}

/// Parts as their row keeps them.
pub(crate) fn parts_text(parts: &[Part]) -> Result<String, AppError> {
    serde_json::to_string(parts).map_err(|fault| Broken::caused("parts of a file", fault).into())
}

/// Whose content it is.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub bureau: DivisionCode,
    pub case: CaseId,
    /// The file; one on its way has the number of the upload.
    pub material: MaterialId,
}

impl Owner {
    /// Where it lies if it came whole; what came in parts lies below.
    fn path(&self) -> ObjectPath {
        let Self {
            bureau,
            case,
            material,
        } = self;
        ObjectPath::from(format!("{bureau}/{case}/{material}"))
    }

    fn path_of(&self, part: &str) -> ObjectPath {
        self.path().join(part)
    }

    /// What binds a part to its place: no part opens at another place or in another file.
    fn place(&self, offset: i64) -> Vec<u8> {
        let (case, material) = (self.case.uuid(), self.material.uuid());
        let ids = [case.as_bytes().as_slice(), material.as_bytes()].concat();
        [ids.as_slice(), &offset.to_be_bytes()].concat()
    }
}

/// A content as it was stored, with what its row says of it.
pub(crate) struct Whole {
    pub content: Vec<u8>,
    /// SM3 of what lies in the object store.
    pub digest: Vec<u8>,
}

impl Casework {
    /// Stores a content that came whole. Returns SM3 of what lies in the object store.
    pub(crate) async fn put_whole(
        &self,
        file: &file::Model,
        owner: Owner,
        content: &[u8],
    ) -> Result<Vec<u8>, AppError> {
        let key = self.key_of(file)?;
        let sealed = seal_with(&key, file.case_id, content, &mut self.entropy())?;
        let digest = seal::sm3(&sealed).to_vec();
        self.put(&owner.path(), sealed).await?;
        Ok(digest)
    }

    /// Stores a part of a content that begins at this offset.
    pub(crate) async fn put_part(
        &self,
        file: &file::Model,
        owner: Owner,
        offset: i64,
        content: &[u8],
    ) -> Result<Part, AppError> {
        let mut entropy = self.entropy();
        let nonce = Nonce::random(&mut entropy);
        let sealed = self
            .key_of(file)?
            .seal(content, &owner.place(offset), &nonce)
            .map_err(|fault| Broken::caused("seal a part of a file", fault))?;
        let mut name = [0; 16];
        kernel::Entropy::fill(&mut entropy, &mut name);
        let part = Part {
            name: seal::hex::encode(&name),
            bytes: i64::try_from(content.len()).unwrap_or(i64::MAX),
        };
        self.put(&owner.path_of(&part.name), sealed).await?;
        Ok(part)
    }

    async fn put(&self, path: &ObjectPath, sealed: Vec<u8>) -> Result<(), AppError> {
        let put = self.parts.files.put(path, sealed.into()).await;
        put.map_err(|fault| Broken::caused("store a file", fault))?;
        Ok(())
    }

    async fn get(&self, path: &ObjectPath) -> Result<impl AsRef<[u8]> + use<>, AppError> {
        let broken = |fault| Broken::caused("read a file", fault);
        let got = self.parts.files.get(path).await.map_err(broken)?;
        Ok(got.bytes().await.map_err(broken)?)
    }

    /// Reads a content that came in these parts.
    pub(crate) async fn read_parts(
        &self,
        file: &file::Model,
        owner: Owner,
        parts: &[Part],
    ) -> Result<Whole, AppError> {
        let key = self.key_of(file)?;
        let (mut content, mut digests, mut offset) = (Vec::new(), Vec::new(), 0);
        for part in parts {
            let sealed = self.get(&owner.path_of(&part.name)).await?;
            let opened = key.open(sealed.as_ref(), &owner.place(offset));
            let opened = opened.map_err(|fault| Broken::caused("a part of a file", fault))?;
            content.extend_from_slice(&opened);
            digests.extend_from_slice(&seal::sm3(sealed.as_ref()));
            offset += part.bytes;
        }
        Ok(Whole {
            content,
            digest: seal::sm3(&digests).to_vec(),
        })
    }

    /// Reads the content of a file of a case.
    pub(crate) async fn read_file(
        &self,
        file: &file::Model,
        row: &material::Model,
    ) -> Result<Vec<u8>, AppError> {
        let owner = owner_of(file, row.material_id)?;
        if let Some(parts) = &row.parts {
            let whole = self.read_parts(file, owner, &parts_of(parts)?).await?;
            return Ok(whole.content);
        }
        let sealed = self.get(&owner.path()).await?;
        self.open(file, sealed.as_ref())
    }

    /// Deletes the content of a file whose row is gone or never came; what fails is left to
    /// `yici doctor`.
    pub(crate) async fn drop_content(&self, owner: Owner) {
        drop(self.parts.files.delete(&owner.path()).await);
        self.drop_parts_but(owner, &[]).await;
    }

    /// Deletes the parts of a file that are none of these: they came from writers who were too late.
    pub(crate) async fn drop_parts_but(&self, owner: Owner, parts: &[Part]) {
        let below = owner.path();
        let listed = self.parts.files.list(Some(&below)).try_collect::<Vec<_>>();
        for found in listed.await.unwrap_or_default() {
            let stays = |part: &Part| found.location.filename() == Some(part.name.as_str());
            if !parts.iter().any(stays) {
                drop(self.parts.files.delete(&found.location).await);
            }
        }
    }

    /// Deletes one part.
    pub(crate) async fn drop_part(&self, owner: Owner, part: &Part) {
        drop(self.parts.files.delete(&owner.path_of(&part.name)).await);
    }

    /// Deletes everything that lies under a case.
    pub(crate) async fn drop_contents_of(&self, bureau: DivisionCode, case: CaseId) {
        let below = ObjectPath::from(format!("{bureau}/{case}"));
        let listed = self.parts.files.list(Some(&below)).try_collect::<Vec<_>>();
        for found in listed.await.unwrap_or_default() {
            drop(self.parts.files.delete(&found.location).await);
        }
    }
}

/// Whose content a row of a case tells of.
pub(crate) fn owner_of(file: &file::Model, material: Uuid) -> Result<Owner, AppError> {
    let bureau = file.bureau.parse();
    Ok(Owner {
        bureau: bureau.map_err(|_| Broken::new("a case of no agency"))?,
        case: CaseId::from_uuid(file.case_id),
        material: MaterialId::from_uuid(material),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_bound_to_its_place() {
        let owner = |case: u128, material: u128| Owner {
            bureau: "180100".parse().unwrap(),
            case: CaseId::from_uuid(Uuid::from_u128(case)),
            material: MaterialId::from_uuid(Uuid::from_u128(material)),
        };
        let place = owner(1, 2).place(3);
        for other in [
            owner(2, 2).place(3),
            owner(1, 3).place(3),
            owner(1, 2).place(4),
        ] {
            assert_ne!(place, other);
        }
    }

    #[test]
    fn parts_read_back_as_they_were_written() {
        let parts = [("a", 1), ("b", 2)].map(|(name, bytes)| Part {
            name: name.to_owned(),
            bytes,
        });
        assert_eq!(parts_of(&parts_text(&parts).unwrap()).unwrap(), parts);
        assert!(parts_of("{}").is_err());
    }
}
