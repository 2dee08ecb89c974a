//! The agents of an enterprise.

use identity::{NewAgent, act_for, add_agent, list_agents, remove_agent};
use kernel::{
    AppError, Principal, Private,
    caller::{Acting, Caller, CanApply},
    ids::EmployerId,
    ports::Parties as _,
};
use testkit::on_both;

use crate::world::{CHEN, FIRM, LI, WANG, World, number, secret};

async fn add(
    world: &World,
    caller: &Caller<CanApply>,
    firm: EmployerId,
    (name, no): (&str, &str),
) -> Result<identity::AgentsChanged, AppError> {
    let agent = NewAgent {
        name: secret(name),
        number: Private::new(number(no)),
    };
    add_agent(&world.identity, caller, world.envelope(caller), firm, agent).await
}

on_both! {
    async fn agents_add_and_remove_agents_and_a_removed_one_acts_for_himself_at_once(database) {
        let world = World::new(database).await;
        let wang = world.caller::<CanApply>(&world.citizen(WANG.1).await).await;
        let chen_token = world.citizen(CHEN.1).await;
        let chen = world.caller::<CanApply>(&chen_token).await;
        let firm = world.identity.enrol_employer(FIRM.1, wang.principal(), world.now()).await.unwrap().id;

        assert_eq!(list_agents(&world.identity, &chen, firm).await.unwrap_err().code(), "E1107");
        assert_eq!(add(&world, &chen, firm, CHEN).await.unwrap_err().code(), "E1107");
        assert_eq!(add(&world, &wang, firm, (LI.0, CHEN.1)).await.unwrap_err().code(), "E1113");
        let added = add(&world, &wang, firm, CHEN).await.unwrap();
        assert_eq!(add(&world, &wang, firm, CHEN).await.unwrap(), added);
        // Somebody we meet for the first time.
        add(&world, &wang, firm, LI).await.unwrap();
        let rows = list_agents(&world.identity, &chen, firm).await.unwrap();
        let masked: Vec<_> = rows.iter().map(|row| (row.name_masked.as_str(), row.number_masked.as_str())).collect();
        assert_eq!(masked.len(), 3);
        assert!(masked.contains(&("陈*强", "180103********0050")));

        let chen_token = act_for(&world.identity, &chen, Some(firm)).await.unwrap().token.into_revealed();
        let Principal::Citizen(acting) = world.who(&chen_token).await else { panic!("no citizen") };
        assert_eq!(acting.acting, Acting::Enterprise(firm));
        remove_agent(&world.identity, &wang, world.envelope(&wang), firm, acting.person).await.unwrap();
        let Principal::Citizen(acting) = world.who(&chen_token).await else { panic!("no citizen") };
        assert_eq!(acting.acting, Acting::Myself);
        assert!(!world.identity.agents(&[firm]).await.unwrap()[&firm].contains(&acting.person));
        let again = remove_agent(&world.identity, &wang, world.envelope(&wang), firm, acting.person).await;
        assert_eq!(again.unwrap_err().code(), "E1012");
    }
}

on_both! {
    async fn the_last_agent_stays(database) {
        let world = World::new(database).await;
        let wang = world.caller::<CanApply>(&world.citizen(WANG.1).await).await;
        let firm = world.identity.enrol_employer(FIRM.1, wang.principal(), world.now()).await.unwrap().id;
        let me = wang.citizen().unwrap().person;
        let refused = remove_agent(&world.identity, &wang, world.envelope(&wang), firm, me).await;
        assert_eq!(refused.unwrap_err().code(), "E1115");
        add(&world, &wang, firm, LI).await.unwrap();
        remove_agent(&world.identity, &wang, world.envelope(&wang), firm, me).await.unwrap();
        assert_eq!(list_agents(&world.identity, &wang, firm).await.unwrap_err().code(), "E1107");
    }
}

on_both! {
    async fn an_enterprise_comes_from_its_register(database) {
        let world = World::new(database).await;
        for wrong in ["91180102MA0000162K", "no code", "91350100M000100Y43"] {
            let refused = world.identity.enrol_employer(wrong, &Principal::System("test"), world.now()).await;
            assert_eq!(refused.unwrap_err().code(), "E1002", "{wrong}");
        }
    }
}
