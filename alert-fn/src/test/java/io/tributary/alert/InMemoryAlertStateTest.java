package io.tributary.alert;

class InMemoryAlertStateTest extends AlertStateContract {
    @Override
    protected AlertState state() {
        return new InMemoryAlertState();
    }
}
