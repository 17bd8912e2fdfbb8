//! Who works in the cabinet.

use domain::view::{profile::Employee, session::Rights};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use super::ProfileError;
use crate::{
    ctx::Ctx,
    error::Denied,
    session::{
        self,
        entity::{membership, person},
    },
};

/// Everybody with access to the cabinet entered, by surname. For its head and administrators.
///
/// # Errors
/// The reader is neither, or the database failed.
pub async fn employees(ctx: &Ctx) -> Result<Vec<Employee>, ProfileError> {
    let role = ctx.role()?;
    if !role.rights.chief && !role.rights.admin {
        return Err(Denied::Forbidden.into());
    }
    let to_person: RelationDef = membership::Entity::belongs_to(person::Entity)
        .from(membership::Column::PersonId)
        .to(person::Column::Id)
        .into();
    let rows = membership::Entity::find()
        .join(JoinType::InnerJoin, to_person)
        .select_also(person::Entity)
        .filter(membership::Column::ParticipantId.eq(role.participant))
        .filter(membership::Column::Active.eq(true))
        .order_by_asc(person::Column::Surname)
        .order_by_asc(person::Column::Name)
        .all(ctx.db())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(member, person)| {
            let person = person?;
            Some(Employee {
                person: person.id,
                name: session::name(&person),
                post: member.post,
                rights: Rights {
                    chief: member.chief,
                    admin: member.admin,
                    edit: member.edit,
                    sign: member.sign,
                },
            })
        })
        .collect())
}
