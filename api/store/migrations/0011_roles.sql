-- Two roles more; what each may do stands in api/identity/permissions.py.
alter table staff drop constraint staff_role_check;
alter table staff add constraint staff_role_check
    check (role in ('operator', 'supervisor', 'installer', 'care_professional', 'administrator'));
